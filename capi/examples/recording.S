/* The frames of a .npy file, after its header of 128 bytes. */
    .section .rodata
    .global recording
recording:
    .incbin "drift_q8.npy", 128
    .global recording_end
recording_end:
#ifdef __ELF__
    .section .note.GNU-stack, "", %progbits
#endif
