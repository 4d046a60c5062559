//! Makes sure that the page's folder is there. Without it the page is taken to be no part of the program for good; with
//! it, a development build reads the page from disk when it is built later, and a release build is made again.

use std::{env, fs, path::Path};

fn main() {
    let page = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../dist");
    if let Err(error) = fs::create_dir_all(&page) {
        println!("cargo:warning=the folder dist/ cannot be made ({error}): the program will have no page");
    }
    println!("cargo:rerun-if-changed=build.rs");
    if env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo:rerun-if-changed=../dist");
    }
}
