# A Cortex-M of which -DSOFT_DICE_FLAGS says what gcc is told: half of it in CMAKE_C_FLAGS, the float ABI by the project.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
string(REGEX REPLACE " .*" "" soft_dice_mcpu "${SOFT_DICE_FLAGS}")
set(CMAKE_C_FLAGS_INIT "${soft_dice_mcpu} -Os")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SOFT_DICE_FLAGS)
