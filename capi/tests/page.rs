//! The programs that `docs/c.md` shows are those that CI compiles.

#[test]
fn the_page_shows_the_programs() {
    let page = include_str!("../../docs/c.md");
    for (name, program) in
        [("score.c", include_str!("../examples/score.c")), ("watch.c", include_str!("../examples/watch.c"))]
    {
        assert!(
            page.contains(&format!("```c\n{program}```\n")),
            "docs/c.md does not show capi/examples/{name} as it is"
        );
    }
}
