# find_package(soft_dice CONFIG) gives the target soft_dice::soft_dice: the header, and the static library, which cargo
# builds when the project is built. Point CMake at this directory: -Dsoft_dice_DIR=<checkout>/capi/cmake
#
#   SOFT_DICE_TARGET      Rust's name of the target; found from -mcpu, -march, -mfloat-abi and -mfpu where it is not set
#   SOFT_DICE_RUSTFLAGS   more options of rustc; where SOFT_DICE_TARGET is set, all of them: "-C target-cpu=cortex-m33"
#   SOFT_DICE_OPT_LEVEL   3 (default), or s for the smallest code
#   SOFT_DICE_PROFILE     release (default), or dev for a library that checks itself
#   SOFT_DICE_UPDATE      ON (default), or OFF: without the functions soft_dice_update_..., which are most of what is compiled
#   SOFT_DICE_BUILD       where cargo builds; a directory of several projects builds the library once
#   SOFT_DICE_LIBRARY     an archive that is built already: cargo is not called

if(TARGET soft_dice::soft_dice)
    return()
endif()

get_filename_component(soft_dice_CAPI "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(SOFT_DICE_OPT_LEVEL 3 CACHE STRING "opt-level of the soft_dice library: 3 or s")
set(SOFT_DICE_RUSTFLAGS "" CACHE STRING "RUSTFLAGS of the soft_dice library")
set(SOFT_DICE_PROFILE release CACHE STRING "cargo's profile of the soft_dice library: release or dev")
option(SOFT_DICE_UPDATE "the functions soft_dice_update_... of the soft_dice library" ON)
set(SOFT_DICE_BUILD "${CMAKE_CURRENT_BINARY_DIR}/soft_dice" CACHE PATH "cargo's target directory of the soft_dice library")

# What gcc is told of the core, rustc has to be told too: without its name the optional vector and DSP instructions stay unused.
# What add_compile_options said before find_package counts.
if(NOT SOFT_DICE_TARGET AND CMAKE_CROSSCOMPILING)
    include("${CMAKE_CURRENT_LIST_DIR}/core.cmake")
    get_directory_property(soft_dice_options COMPILE_OPTIONS)
    set(soft_dice_options "${CMAKE_SYSTEM_PROCESSOR} ${CMAKE_C_FLAGS} ${soft_dice_options}")
    soft_dice_core("${soft_dice_options}" SOFT_DICE_TARGET soft_dice_rustflags)
    if(NOT SOFT_DICE_TARGET)
        message(FATAL_ERROR "soft_dice: no target is known for \"${soft_dice_options}\". Set SOFT_DICE_TARGET.")
    endif()
    # What the user asks for comes last, and holds.
    string(STRIP "${soft_dice_rustflags} ${SOFT_DICE_RUSTFLAGS}" soft_dice_rustflags)
    message(STATUS "soft_dice: ${SOFT_DICE_TARGET} ${soft_dice_rustflags}")
else()
    set(soft_dice_rustflags "${SOFT_DICE_RUSTFLAGS}")
endif()

if(NOT SOFT_DICE_LIBRARY)
    find_program(SOFT_DICE_CARGO cargo REQUIRED)
    set(soft_dice_target "")
    set(soft_dice_directory "${SOFT_DICE_BUILD}")
    if(SOFT_DICE_TARGET)
        set(soft_dice_target --target ${SOFT_DICE_TARGET})
        string(APPEND soft_dice_directory "/${SOFT_DICE_TARGET}")
    endif()
    set(soft_dice_features "")
    if(NOT SOFT_DICE_UPDATE)
        set(soft_dice_features --no-default-features)
    endif()
    # cargo's profile dev has a directory of another name.
    string(REPLACE "dev" "debug" soft_dice_profile "${SOFT_DICE_PROFILE}")
    set(SOFT_DICE_LIBRARY "${soft_dice_directory}/${soft_dice_profile}/libsoft_dice_capi.a")
    # Another Rust archive in the image has a panic handler of the same name, and either will do: nothing here reaches it.
    set(soft_dice_weaken "")
    if(CMAKE_OBJCOPY AND CMAKE_CROSSCOMPILING)
        set(soft_dice_weaken COMMAND "${CMAKE_OBJCOPY}" -w "--weaken-symbol=*rust_begin_unwind" "${SOFT_DICE_LIBRARY}")
    endif()
    # cargo knows what is stale, so it is asked each time.
    add_custom_target(soft_dice_build
        COMMAND ${CMAKE_COMMAND} -E env
            "RUSTFLAGS=${soft_dice_rustflags}" "CARGO_PROFILE_RELEASE_OPT_LEVEL=${SOFT_DICE_OPT_LEVEL}"
            ${SOFT_DICE_CARGO} rustc --quiet --profile ${SOFT_DICE_PROFILE} --lib --crate-type staticlib
            --manifest-path "${soft_dice_CAPI}/Cargo.toml" --target-dir "${SOFT_DICE_BUILD}" ${soft_dice_target}
            ${soft_dice_features}
        ${soft_dice_weaken}
        BYPRODUCTS "${SOFT_DICE_LIBRARY}"
        COMMENT "soft_dice: cargo build" VERBATIM)
endif()

add_library(soft_dice::soft_dice STATIC IMPORTED GLOBAL)
set_target_properties(soft_dice::soft_dice PROPERTIES
    IMPORTED_LOCATION "${SOFT_DICE_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${soft_dice_CAPI}/include")
if(TARGET soft_dice_build)
    add_dependencies(soft_dice::soft_dice soft_dice_build)
endif()
set(soft_dice_FOUND TRUE)
