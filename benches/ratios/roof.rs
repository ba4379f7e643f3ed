//! The read-bandwidth roof: plain wide loads over the same operands' bytes, nothing else. Several orders of reading compete;
//! the best one is the roof.
#[cfg(target_arch = "x86_64")]
use crate::machine::family;
use std::hint::black_box;

/// Bytes of the first operand that are read before turning to the second.
const SLAB: usize = 1024;

type Read = unsafe fn(&[u8]) -> u64;

/// One call per way of reading both operands once.
pub fn ways<'a>(a: &'a [u8], b: &'a [u8]) -> Vec<Box<dyn Fn() + 'a>> {
    let mut ways: Vec<Box<dyn Fn() + 'a>> = Vec::new();
    for read in loops() {
        // SAFETY: `loops` gives only what this CPU runs.
        ways.push(Box::new(move || unsafe {
            black_box(read(black_box(a)) ^ read(black_box(b)));
        }));
        // SAFETY: as above.
        ways.push(Box::new(move || unsafe { alternate(black_box(a), black_box(b), read) }));
    }
    #[cfg(target_arch = "x86_64")]
    if a.len() == b.len() && wide() {
        // SAFETY: the feature was just detected.
        ways.push(Box::new(move || unsafe {
            black_box(x86::pair(black_box(a), black_box(b)));
        }));
    }
    ways
}

/// Reads of 64 bytes: not in a run that is kept to AVX2.
#[cfg(target_arch = "x86_64")]
fn wide() -> bool {
    is_x86_feature_detected!("avx512f") && family() == "AVX-512"
}

/// Both operands side by side, in slabs that cover the same pixels.
unsafe fn alternate(a: &[u8], b: &[u8], read: Read) {
    let slab = (b.len() as u128 * SLAB as u128 / a.len().max(1) as u128) as usize;
    let slab = (slab.max(64)) / 64 * 64;
    let mut seen = 0;
    let (mut left, mut right) = (a.chunks(SLAB), b.chunks(slab));
    loop {
        let (x, y) = (left.next(), right.next());
        if x.is_none() && y.is_none() {
            break;
        }
        // SAFETY: the caller's.
        seen ^= unsafe { read(x.unwrap_or_default()) ^ read(y.unwrap_or_default()) };
    }
    black_box(seen);
}

#[cfg(not(target_arch = "x86_64"))]
fn loops() -> Vec<Read> {
    unsafe fn words(bytes: &[u8]) -> u64 {
        bytes.as_chunks::<8>().0.iter().fold(0, |seen, word| seen | u64::from_ne_bytes(*word))
    }
    vec![words]
}

#[cfg(target_arch = "x86_64")]
fn loops() -> Vec<Read> {
    let mut loops: Vec<Read> = vec![x86::sse2];
    if is_x86_feature_detected!("avx2") {
        loops.push(x86::avx2);
    }
    if wide() {
        loops.push(x86::avx512);
        loops.push(x86::avx512_ahead);
    }
    loops
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    /// A loop of eight loads of one width, combined by OR; what does not fill a turn is left out.
    macro_rules! reader {
        ($name:ident, $feature:literal, $vector:ty, $zero:ident, $or:ident, $bytes:literal, $ahead:literal) => {
            #[target_feature(enable = $feature)]
            pub fn $name(bytes: &[u8]) -> u64 {
                let mut seen = [$zero(); 4];
                for turn in bytes.as_chunks::<{ 8 * $bytes }>().0 {
                    let at = turn.as_ptr().cast::<$vector>();
                    if $ahead > 0 {
                        for line in 0..8 * $bytes / 64 {
                            _mm_prefetch::<_MM_HINT_T0>(turn.as_ptr().wrapping_add($ahead + 64 * line).cast());
                        }
                    }
                    for j in 0..8 {
                        // SAFETY: inside `turn`; the array has no alignment, and the load asks for none.
                        seen[j % 4] = $or(seen[j % 4], unsafe { at.add(j).read_unaligned() });
                    }
                }
                let all = $or($or(seen[0], seen[1]), $or(seen[2], seen[3]));
                // SAFETY: a vector is at least eight bytes.
                unsafe { (&raw const all).cast::<u64>().read_unaligned() }
            }
        };
    }
    reader!(sse2, "sse2", __m128i, _mm_setzero_si128, _mm_or_si128, 16, 0);
    reader!(avx2, "avx2", __m256i, _mm256_setzero_si256, _mm256_or_si256, 32, 0);
    reader!(avx512, "avx512f", __m512i, _mm512_setzero_si512, _mm512_or_si512, 64, 0);
    reader!(avx512_ahead, "avx512f", __m512i, _mm512_setzero_si512, _mm512_or_si512, 64, 4096);

    /// Two operands of one length, four lines of each in turn.
    #[target_feature(enable = "avx512f")]
    pub fn pair(a: &[u8], b: &[u8]) -> u64 {
        let mut seen = [_mm512_setzero_si512(); 4];
        for (x, y) in a.as_chunks::<256>().0.iter().zip(b.as_chunks::<256>().0) {
            for (j, seen) in seen.iter_mut().enumerate() {
                // SAFETY: inside the two turns; the loads ask for no alignment.
                let (v, w) = unsafe {
                    (
                        x.as_ptr().cast::<__m512i>().add(j).read_unaligned(),
                        y.as_ptr().cast::<__m512i>().add(j).read_unaligned(),
                    )
                };
                *seen = _mm512_ternarylogic_epi64::<0xFE>(*seen, v, w);
            }
        }
        let all = _mm512_or_si512(_mm512_or_si512(seen[0], seen[1]), _mm512_or_si512(seen[2], seen[3]));
        _mm512_reduce_or_epi64(all) as u64
    }
}
