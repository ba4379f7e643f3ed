# find_package(soft_dice CONFIG) gives the target soft_dice::soft_dice: the header, and the static library, which cargo
# builds when the project is built. Point CMake at this directory: -Dsoft_dice_DIR=<checkout>/capi/cmake
#
#   SOFT_DICE_TARGET      Rust's name of the target; found from CMAKE_SYSTEM_PROCESSOR and -mcpu where it is not set
#   SOFT_DICE_RUSTFLAGS   say, "-C target-cpu=cortex-m33": the optional vector and DSP instructions want to be named
#   SOFT_DICE_OPT_LEVEL   3 (default), or s for the smallest code
#   SOFT_DICE_PROFILE     release (default), or dev for a library that checks itself
#   SOFT_DICE_BUILD       where cargo builds; a directory of several projects builds the library once
#   SOFT_DICE_LIBRARY     an archive that is built already: cargo is not called

if(TARGET soft_dice::soft_dice)
    return()
endif()

get_filename_component(soft_dice_CAPI "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(SOFT_DICE_OPT_LEVEL 3 CACHE STRING "opt-level of the soft_dice library: 3 or s")
set(SOFT_DICE_RUSTFLAGS "" CACHE STRING "RUSTFLAGS of the soft_dice library")
set(SOFT_DICE_PROFILE release CACHE STRING "cargo's profile of the soft_dice library: release or dev")
set(SOFT_DICE_BUILD "${CMAKE_CURRENT_BINARY_DIR}/soft_dice" CACHE PATH "cargo's target directory of the soft_dice library")

if(NOT SOFT_DICE_TARGET AND CMAKE_CROSSCOMPILING)
    string(REGEX MATCH "cortex-m[0-9]+(plus)?" soft_dice_core "${CMAKE_SYSTEM_PROCESSOR} ${CMAKE_C_FLAGS}")
    if(soft_dice_core MATCHES "cortex-m0|cortex-m1$")
        set(SOFT_DICE_TARGET thumbv6m-none-eabi)
    elseif(soft_dice_core STREQUAL "cortex-m3")
        set(SOFT_DICE_TARGET thumbv7m-none-eabi)
    elseif(soft_dice_core MATCHES "cortex-m(4|7)$")
        set(SOFT_DICE_TARGET thumbv7em-none-eabi)
    elseif(soft_dice_core MATCHES "cortex-m(33|35|52|55|85)")
        set(SOFT_DICE_TARGET thumbv8m.main-none-eabi)
    else()
        message(FATAL_ERROR "soft_dice: which target is ${CMAKE_SYSTEM_PROCESSOR}? Set SOFT_DICE_TARGET.")
    endif()
    # Soft and hard floats pass their arguments in different places: the whole image has to agree.
    if(CMAKE_C_FLAGS MATCHES "-mfloat-abi=hard" AND NOT SOFT_DICE_TARGET MATCHES "v6m|v7m")
        string(APPEND SOFT_DICE_TARGET "hf")
    endif()
endif()

if(NOT SOFT_DICE_LIBRARY)
    find_program(SOFT_DICE_CARGO cargo REQUIRED)
    set(soft_dice_target "")
    set(soft_dice_directory "${SOFT_DICE_BUILD}")
    if(SOFT_DICE_TARGET)
        set(soft_dice_target --target ${SOFT_DICE_TARGET})
        string(APPEND soft_dice_directory "/${SOFT_DICE_TARGET}")
    endif()
    # cargo's profile dev has a directory of another name.
    string(REPLACE "dev" "debug" soft_dice_profile "${SOFT_DICE_PROFILE}")
    set(SOFT_DICE_LIBRARY "${soft_dice_directory}/${soft_dice_profile}/libsoft_dice_capi.a")
    # cargo knows what is stale, so it is asked each time.
    add_custom_target(soft_dice_build
        COMMAND ${CMAKE_COMMAND} -E env
            "RUSTFLAGS=${SOFT_DICE_RUSTFLAGS}" "CARGO_PROFILE_RELEASE_OPT_LEVEL=${SOFT_DICE_OPT_LEVEL}"
            ${SOFT_DICE_CARGO} build --quiet --profile ${SOFT_DICE_PROFILE} --lib
            --manifest-path "${soft_dice_CAPI}/Cargo.toml" --target-dir "${SOFT_DICE_BUILD}" ${soft_dice_target}
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
