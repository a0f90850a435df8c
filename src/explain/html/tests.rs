//! What is not data stays out of the data.

use super::{escaped, inert, page};
use crate::explain::graph::tests::{changed, outcome, ran, text};
use crate::explain::{Asked, Build, Query};
use std::time::Duration;

const BAD: &str = "</script><img src=x onerror=alert(1)>{{script}}\u{2028}<!--";

fn build() -> Build {
    Build {
        number: 3,
        time: 0,
        duration: Duration::from_millis(12),
        kiln: "0".to_owned(),
        asked: Asked {
            name: BAD.to_owned(),
            ..Asked::default()
        },
        problems: vec![BAD.to_owned()],
        options: Default::default(),
        link: None,
        left_out: 0,
        outcome: outcome(vec![changed(BAD)], vec![ran(Query::Parse, BAD, text(BAD))]),
    }
}

#[test]
fn no_name_breaks_out_of_the_page() {
    let page = page(&build());
    assert!(!page.contains("<img"), "a path became an element");
    assert!(!page.contains('\u{2028}') || !inert(BAD).contains('\u{2028}'));
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script>").count(), 2);
    assert_eq!(page.matches("<!--").count(), 0);
    let data = page
        .split_once("type=\"application/json\">")
        .and_then(|(_, rest)| rest.split_once("</script>"))
        .map(|(data, _)| data)
        .expect("the data is there");
    assert!(!data.contains(['<', '>', '&', '\u{2028}']));
    let data: serde_json::Value = serde_json::from_str(data).expect("it is JSON");
    assert_eq!(data["steps"][0]["subject"], BAD);
    assert_eq!(data["steps"][0]["from"], serde_json::json!([-1]));
    assert_eq!(data["roots"][0]["parsed"], 1);
}

#[test]
fn the_page_loads_nothing() {
    let page = page(&build());
    for word in ["http:", "https:", "src=\"", "@import", "url("] {
        let found = page
            .find(word)
            .map(|at| &page[at.saturating_sub(40)..(at + 60).min(page.len())]);
        // The name of the language of drawings is no address.
        let named = found.is_some_and(|found| found.contains("http://www.w3.org/2000/svg"));
        assert!(found.is_none() || named, "{word}: {found:?}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn text_is_escaped() {
    assert_eq!(
        escaped("<a href=\"x\">&"),
        "&lt;a href=&quot;x&quot;&gt;&amp;"
    );
    assert_eq!(inert("\"<\u{2028}\""), "\"\\u003c\\u2028\"");
}
