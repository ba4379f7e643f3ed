/* What two photographs became on a real device: int8 maps of 256 x 256 from a selfie network, 1/256 a code. */
#ifndef DEVICE_MAP_H
#define DEVICE_MAP_H

#include <stdint.h>

enum { SIDE = 256, PIXELS = SIDE * SIDE };

extern const int8_t astronaut[PIXELS];
extern const int8_t camera[PIXELS];

#endif
