//! The pages of `docs/`, and those on the code itself.
//!
//! Each stands here as its file has it. In the files a page links to others by their paths; `docs/links.md` leads the same
//! links to the modules below, because the first definition of a link holds.
// Rustdoc names an example by the file of the first line: without the empty one that would be `docs/links.md`.

macro_rules! pages {
    ($($page:ident: $file:literal)*) => {$(
        #[doc = ""]
        #[doc = include_str!("../docs/links.md")]
        #[doc = include_str!($file)]
        pub mod $page {}
    )*};
}

pages! {
    firmware: "../docs/firmware.md"
    c: "../docs/c.md"
    command: "../docs/command.md"
    monitor: "../docs/monitor.md"
    numerics: "../docs/numerics.md"
    reductions: "../docs/reductions.md"
    cores: "../docs/cores.md"
    speed: "../docs/speed.md"
    architecture: "../ARCHITECTURE.md"
    contributing: "../CONTRIBUTING.md"
}
