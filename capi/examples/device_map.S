/* The numbers of two .npy files, after headers of 128 bytes. */
    .section .rodata
    .global astronaut
astronaut:
    .incbin "selfie256_astronaut_q8.npy", 128, 65536
    .global camera
camera:
    .incbin "selfie256_camera_q8.npy", 128, 65536
#ifdef __ELF__
    .section .note.GNU-stack, "", %progbits
#endif
