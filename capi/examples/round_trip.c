/* A device of the round trip: it judges by the settings that `soft-dice watch --emit` wrote, and writes what it sees as packed
   records to its output, for `soft-dice log`. In place of a camera and a network it has a recording. */
#include <stdio.h>

#include "settings.h"

#define PIXELS (256u * 144u)

extern const int8_t recording[], recording_end[];

static uint8_t last[PIXELS];
static soft_dice_watch watch;

static void send(const uint8_t *bytes, size_t length) {
    (void)fwrite(bytes, 1u, length, stdout);
}

int main(void) {
    static const soft_dice_own mask = SOFT_DICE_EMITTED_MASK;
    static uint8_t bytes[SOFT_DICE_PACKED_BYTES(soft_dice_sums)];
    soft_dice_i8 map = SOFT_DICE_I8_INIT(recording, PIXELS, SOFT_DICE_EMITTED_CODES);
    soft_dice_watch_setup setup = SOFT_DICE_WATCH_SETUP_INIT(last, PIXELS);
    setup.settings = &soft_dice_emitted_settings;
    setup.mask = &mask;
    soft_dice_status status = soft_dice_watch_init_i8(&watch, &map, &setup);

    for (; status == SOFT_DICE_OK && map.data < recording_end; map.data += PIXELS) {
        soft_dice_event event;
        soft_dice_report report;
        soft_dice_sums sums;
        size_t written = 0;
        status = soft_dice_watch_frame_i8(&watch, &map, NULL, &event);
        if (status == SOFT_DICE_OK) {
            status = soft_dice_pack_event(&event, bytes, sizeof bytes, &written);
            send(bytes, written);
        }
        if (status == SOFT_DICE_OK) {
            status = soft_dice_watch_report(&watch, &report);
        }
        if (status == SOFT_DICE_OK) {
            status = soft_dice_pack_report(&report, bytes, sizeof bytes, &written);
            send(bytes, written);
        }
        if (status == SOFT_DICE_OK) {
            status = soft_dice_watch_sums_i8(&watch, &sums);
        }
        if (status == SOFT_DICE_OK) {
            status = soft_dice_pack_sums(&sums, bytes, sizeof bytes, &written);
            send(bytes, written);
        }
    }
    return status == SOFT_DICE_OK ? 0 : 1;
}
