//! `console.table`: rows and columns in a frame.

use super::{print, write};
use crate::collection;
use crate::inspect::{self, Options, columns_of};
use crate::iterate;
use crate::key::Key;
use crate::kind;
use crate::native::Call;
use crate::object::Object;
use crate::output;
use crate::value::{Outcome, Value};
use alloc::string::String;
use alloc::vec::Vec;

/// A column: its head and the cells of the rows that have one.
struct Column {
    head: String,
    cells: Vec<Option<String>>,
}

impl Column {
    fn new(head: &str) -> Column {
        Column {
            head: String::from(head),
            cells: Vec::new(),
        }
    }

    fn put(&mut self, row: usize, text: String) {
        if self.cells.len() <= row {
            self.cells.resize(row + 1, None);
        }
        self.cells[row] = Some(text);
    }

    fn width(&self) -> usize {
        let cells = self.cells.iter().flatten().map(|cell| columns_of(cell));
        cells
            .chain(core::iter::once(columns_of(&self.head)))
            .max()
            .unwrap_or(0)
    }
}

/// The text of one cell.
fn cell(value: Value) -> Outcome<String> {
    let large = value.as_object().is_some_and(|object| {
        object.kind() != kind::ARRAY && object.own_enumerable_keys().len() > 2
    });
    let depth = if large { -1 } else { 0 };
    inspect::text(
        value,
        Options {
            depth,
            maximum_items: 3,
            break_length: usize::MAX / 4,
            ..Options::DEFAULT
        },
    )
}

pub fn table(call: &Call) -> Outcome {
    let Some(object) = call.arg(0).as_object() else {
        return print(call.args, output::stdout);
    };
    let columns = match object.kind() {
        kind::MAP | kind::SET => collection_columns(object)?,
        _ => object_columns(object, call.arg(1))?,
    };
    write(&render(&columns), output::stdout);
    Ok(Value::UNDEFINED)
}

fn collection_columns(object: Object) -> Outcome<Vec<Column>> {
    let keyed = object.kind() == kind::MAP;
    let (mut index, mut keys, mut values) = (
        Column::new("(iteration index)"),
        Column::new("Key"),
        Column::new("Values"),
    );
    let (mut cursor, mut row) = (0, 0);
    while let Some((key, value)) = collection::next(object, &mut cursor) {
        index.put(row, alloc::format!("{row}"));
        keys.put(row, cell(key)?);
        values.put(row, cell(if keyed { value } else { key })?);
        row += 1;
    }
    Ok(if keyed {
        alloc::vec![index, keys, values]
    } else {
        alloc::vec![index, values]
    })
}

fn key_text(key: Value) -> String {
    key.as_string()
        .map(crate::string::Str::to_rust)
        .unwrap_or_default()
}

fn object_columns(object: Object, wanted: Value) -> Outcome<Vec<Column>> {
    let mut index = Column::new("(index)");
    let mut values = Column::new("Values");
    let mut columns: Vec<Column> = Vec::new();
    for (row, key) in object.own_enumerable_keys().as_slice().iter().enumerate() {
        index.put(row, key_text(*key));
        let item = object.get(crate::library::key_of(*key))?;
        let inner = item.as_object();
        if inner.is_none() && wanted.is_undefined() {
            values.put(row, cell(item)?);
            continue;
        }
        let keys = match (wanted.is_undefined(), inner) {
            (true, Some(inner)) => inner.own_enumerable_keys(),
            _ => iterate::collect(wanted)?,
        };
        for key in keys.as_slice() {
            let name = key_text(*key);
            let at = columns
                .iter()
                .position(|column| column.head == name)
                .unwrap_or_else(|| {
                    columns.push(Column::new(&name));
                    columns.len() - 1
                });
            let key = Key::of(&name);
            let text = match inner.filter(|inner| inner.has_own(key)) {
                Some(inner) => cell(inner.get(key)?)?,
                None => String::new(),
            };
            columns[at].put(row, text);
        }
    }
    let mut all = alloc::vec![index];
    all.append(&mut columns);
    if !values.cells.is_empty() {
        all.push(values);
    }
    Ok(all)
}

fn push_repeated(out: &mut String, text: &str, count: usize) {
    for _ in 0..count {
        out.push_str(text);
    }
}

/// A horizontal line with its left end, crossings and right end.
fn push_rule(out: &mut String, widths: &[usize], marks: [&str; 3]) {
    out.push_str(marks[0]);
    for (index, width) in widths.iter().enumerate() {
        if index > 0 {
            out.push_str(marks[1]);
        }
        push_repeated(out, "─", width + 2);
    }
    out.push_str(marks[2]);
}

fn push_row<'a>(out: &mut String, widths: &[usize], cells: impl Iterator<Item = &'a str>) {
    out.push_str("│ ");
    for (index, (text, width)) in cells.zip(widths).enumerate() {
        if index > 0 {
            out.push_str(" │ ");
        }
        let missing = width - columns_of(text);
        out.push_str(text);
        push_repeated(out, " ", missing);
    }
    out.push_str(" │\n");
}

fn render(columns: &[Column]) -> String {
    let widths: Vec<usize> = columns.iter().map(Column::width).collect();
    let rows = columns
        .iter()
        .map(|column| column.cells.len())
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    push_rule(&mut out, &widths, ["┌", "┬", "┐\n"]);
    push_row(
        &mut out,
        &widths,
        columns.iter().map(|column| column.head.as_str()),
    );
    push_rule(&mut out, &widths, ["├", "┼", "┤\n"]);
    for row in 0..rows {
        let cells = columns.iter().map(|column| {
            column
                .cells
                .get(row)
                .and_then(Option::as_deref)
                .unwrap_or("")
        });
        push_row(&mut out, &widths, cells);
    }
    push_rule(&mut out, &widths, ["└", "┴", "┘"]);
    out
}
