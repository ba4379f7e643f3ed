//! The program in the README is the one that CI compiles.

#[test]
fn readme_shows_the_program() {
    let readme = include_str!("../../README.md");
    let program = include_str!("../examples/score.c");
    assert!(
        readme.contains(&format!("```c\n{program}```\n")),
        "README: \"In C firmware\" is not capi/examples/score.c"
    );
}
