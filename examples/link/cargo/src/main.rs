//! Linked by `linker.sh`.

fn main() {
    println!("hello, world");
}
