//! Where the model and its picture lie: microflow's macro and `include_bytes!` want paths when the program is compiled.

use std::{env, fs, path::PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=SOFT_DICE_DATA");
    println!("cargo:rustc-link-arg-bins=--nmagic");
    println!("cargo:rustc-link-arg-bins=-Tlink.x");

    let data = PathBuf::from(env::var_os("SOFT_DICE_DATA").expect("SOFT_DICE_DATA names the data directory"));
    let path = |name: &str| {
        let path = data.join("device").join(name);
        println!("cargo:rerun-if-changed={}", path.display());
        path.to_str().expect("a path in UTF-8").to_owned()
    };
    let network = format!(
        "#[microflow::model({:?})]\npub struct Network;\n\
         pub static PICTURE: &[u8] = include_bytes!({:?});\n\
         pub static REFERENCE: &[u8] = include_bytes!({:?});\n",
        path("models/bodypix129_int8_inl.tflite"),
        path("bodypix17/astronaut_in_q8.npy"),
        path("bodypix17/astronaut_f32.npy"),
    );
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap()).join("network.rs"), network).unwrap();
}
