//! The program that `docs/c.md` shows is the one that CI compiles.

#[test]
fn the_page_shows_the_program() {
    let page = include_str!("../../docs/c.md");
    let program = include_str!("../examples/score.c");
    assert!(page.contains(&format!("```c\n{program}```\n")), "docs/c.md does not show capi/examples/score.c as it is");
}
