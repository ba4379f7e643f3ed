# cmake -DFLAGS="-mcpu=…" -P core.print.cmake: Rust's target and the options of rustc, a line each.
include("${CMAKE_CURRENT_LIST_DIR}/core.cmake")
soft_dice_core("${FLAGS}" target rustflags)
execute_process(COMMAND ${CMAKE_COMMAND} -E echo "${target}")
execute_process(COMMAND ${CMAKE_COMMAND} -E echo "${rustflags}")
