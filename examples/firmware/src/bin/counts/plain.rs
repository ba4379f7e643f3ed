//! The loop that one would write by hand for a call: what the call is measured against.
//!
//! Each gives the same integers in the same widths as the call, makes the same checks (lengths, capacity, labels, ranges)
//! before it adds anything, counts the same pixels as ignored, invalid and clamped, and refuses the same inputs. Sums of a
//! block are 32 bits wide, as one writes it for a core of 32 bits.

use soft_dice::Error;

/// The most pixels that sums may be of: the crate's own bound.
const CAPACITY: u64 = soft_dice::CAPACITY;
/// Pixels whose codes and products fit 32 bits: 2¹⁵ · 255² < 2³².
pub const BLOCK: usize = 1 << 15;
/// Pixels whose codes of 2⁻²³ fit 32 bits.
pub const FINE: usize = 1 << 8;

/// Sums of all calls so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    pub count: u64,
    pub ignored: u64,
    pub invalid: u64,
    pub clamped: u64,
    pub p: u64,
    pub t: u64,
    pub pt: u64,
    pub pp: u64,
    pub tt: u64,
    pub min: u64,
}

impl Sums {
    pub fn room(&self, pixels: usize, lengths: [usize; 2]) -> Result<(), Error> {
        if lengths.iter().any(|&length| length != pixels) {
            return Err(Error::Length);
        }
        if self.count + self.ignored + self.invalid + pixels as u64 > CAPACITY {
            return Err(Error::Capacity);
        }
        Ok(())
    }
}

/// i8 codes of 1/256 from −128 on.
pub fn code(q: i8) -> u32 {
    (i32::from(q) + 128) as u32
}

/// int8 × int8: Σp, Σt, Σpt and Σmin.
pub fn minima(sums: &mut Sums, p: &[i8], t: &[i8]) -> Result<(), Error> {
    sums.room(p.len(), [t.len(); 2])?;
    for (p, t) in p.chunks(BLOCK).zip(t.chunks(BLOCK)) {
        let [mut sp, mut st, mut spt, mut min] = [0u32; 4];
        for (&p, &t) in p.iter().zip(t) {
            let (p, t) = (code(p), code(t));
            sp += p;
            st += t;
            spt += p * t;
            min += p.min(t);
        }
        sums.p += u64::from(sp);
        sums.t += u64::from(st);
        sums.pt += u64::from(spt);
        sums.min += u64::from(min);
    }
    sums.count += p.len() as u64;
    Ok(())
}

/// int8 × int8 with squares, or with squares and minima.
pub fn moments<const MINIMA: bool>(sums: &mut Sums, p: &[i8], t: &[i8]) -> Result<(), Error> {
    sums.room(p.len(), [t.len(); 2])?;
    for (p, t) in p.chunks(BLOCK).zip(t.chunks(BLOCK)) {
        let [mut sp, mut st, mut spt, mut spp, mut stt, mut min] = [0u32; 6];
        for (&p, &t) in p.iter().zip(t) {
            let (p, t) = (code(p), code(t));
            sp += p;
            st += t;
            spt += p * t;
            spp += p * p;
            stt += t * t;
            if MINIMA {
                min += p.min(t);
            }
        }
        sums.p += u64::from(sp);
        sums.t += u64::from(st);
        sums.pt += u64::from(spt);
        sums.pp += u64::from(spp);
        sums.tt += u64::from(stt);
        sums.min += u64::from(min);
    }
    sums.count += p.len() as u64;
    Ok(())
}

/// int8 × a mask declared {0, 1}, with Σp².
pub fn mask_squares(sums: &mut Sums, p: &[i8], mask: &[u8]) -> Result<(), Error> {
    sums.room(p.len(), [mask.len(); 2])?;
    let mut new = *sums;
    for (p, mask) in p.chunks(BLOCK).zip(mask.chunks(BLOCK)) {
        let [mut sp, mut st, mut spt, mut spp] = [0u32; 4];
        for (&p, &one) in p.iter().zip(mask) {
            if one > 1 {
                return Err(Error::Mask);
            }
            let (p, one) = (code(p), u32::from(one));
            sp += p;
            st += one;
            spt += p * one;
            spp += p * p;
        }
        new.p += u64::from(sp);
        new.t += u64::from(st);
        new.pt += u64::from(spt);
        new.pp += u64::from(spp);
    }
    new.count += p.len() as u64;
    *sums = new;
    Ok(())
}

/// Adds a block of masked pixels; what was left out is not in `count`.
pub fn add(sums: &mut Sums, [count, ignored, clamped, p, t, pt]: [u32; 6]) {
    sums.count += u64::from(count);
    sums.ignored += u64::from(ignored);
    sums.clamped += u64::from(clamped);
    sums.p += u64::from(p);
    sums.t += u64::from(t);
    sums.pt += u64::from(pt);
}

/// int8 × a mask declared {0, 1}, in a region of bytes.
pub fn in_bytes(sums: &mut Sums, p: &[i8], mask: &[u8], region: &[u8]) -> Result<(), Error> {
    sums.room(p.len(), [mask.len(), region.len()])?;
    let mut new = *sums;
    for ((p, mask), region) in p.chunks(BLOCK).zip(mask.chunks(BLOCK)).zip(region.chunks(BLOCK)) {
        let [mut count, mut sp, mut st, mut spt] = [0u32; 4];
        for ((&p, &one), &inside) in p.iter().zip(mask).zip(region) {
            if inside == 0 {
                continue;
            }
            if one > 1 {
                return Err(Error::Mask);
            }
            let (p, one) = (code(p), u32::from(one));
            count += 1;
            sp += p;
            st += one;
            spt += p * one;
        }
        add(&mut new, [count, p.len() as u32 - count, 0, sp, st, spt]);
    }
    *sums = new;
    Ok(())
}

/// int8 × a mask declared {0, 1}, in a region of bits, lowest first.
pub fn in_bits(sums: &mut Sums, p: &[i8], mask: &[u8], region: &[u8]) -> Result<(), Error> {
    sums.room(p.len(), [mask.len(), region.len() * 8])?;
    let mut new = *sums;
    for ((p, mask), region) in p.chunks(BLOCK).zip(mask.chunks(BLOCK)).zip(region.chunks(BLOCK / 8)) {
        let [mut count, mut sp, mut st, mut spt] = [0u32; 4];
        for ((p, mask), &byte) in p.chunks(8).zip(mask.chunks(8)).zip(region) {
            let mut bits = byte;
            for (&p, &one) in p.iter().zip(mask) {
                let inside = bits & 1 != 0;
                bits >>= 1;
                if !inside {
                    continue;
                }
                if one > 1 {
                    return Err(Error::Mask);
                }
                let (p, one) = (code(p), u32::from(one));
                count += 1;
                sp += p;
                st += one;
                spt += p * one;
            }
        }
        add(&mut new, [count, p.len() as u32 - count, 0, sp, st, spt]);
    }
    *sums = new;
    Ok(())
}

/// int8 × the pixels of a class, without those of the ignore label.
pub fn ignoring(sums: &mut Sums, p: &[i8], labels: &[u8], class: u8, ignore: u8) -> Result<(), Error> {
    sums.room(p.len(), [labels.len(); 2])?;
    for (p, labels) in p.chunks(BLOCK).zip(labels.chunks(BLOCK)) {
        let [mut count, mut sp, mut st, mut spt] = [0u32; 4];
        for (&p, &label) in p.iter().zip(labels) {
            if label == ignore {
                continue;
            }
            let p = code(p);
            count += 1;
            sp += p;
            if label == class {
                st += 1;
                spt += p;
            }
        }
        add(sums, [count, p.len() as u32 - count, 0, sp, st, spt]);
    }
    Ok(())
}

/// int8 × a mask declared {0, 1}: codes from a zero point on, up to a largest, 0 up to a dead zone.
pub fn moved(sums: &mut Sums, p: &[i8], mask: &[u8], zero: i32, top: i32, dead: i32) -> Result<(), Error> {
    sums.room(p.len(), [mask.len(); 2])?;
    let mut new = *sums;
    for (p, mask) in p.chunks(BLOCK).zip(mask.chunks(BLOCK)) {
        let [mut clamped, mut sp, mut st, mut spt] = [0u32; 4];
        for (&p, &one) in p.iter().zip(mask) {
            if one > 1 {
                return Err(Error::Mask);
            }
            let above = i32::from(p) - zero;
            let inside = above.clamp(0, top);
            clamped += u32::from(inside != above);
            let (p, one) = (if inside > dead { inside as u32 } else { 0 }, u32::from(one));
            sp += p;
            st += one;
            spt += p * one;
        }
        add(&mut new, [p.len() as u32, 0, clamped, sp, st, spt]);
    }
    *sums = new;
    Ok(())
}

/// u16 × a mask: 0 is background.
pub fn u16_mask(sums: &mut Sums, p: &[u16], mask: &[u8]) -> Result<(), Error> {
    sums.room(p.len(), [mask.len(); 2])?;
    for (p, mask) in p.chunks(BLOCK).zip(mask.chunks(BLOCK)) {
        let [mut sp, mut st, mut spt] = [0u32; 3];
        for (&p, &one) in p.iter().zip(mask) {
            let p = u32::from(p);
            sp += p;
            if one != 0 {
                st += 1;
                spt += p;
            }
        }
        add(sums, [p.len() as u32, 0, 0, sp, st, spt]);
    }
    Ok(())
}

/// Interleaved int8 maps of C classes × labels: Σp, Σt and Σpt of each class. Every label is looked at first.
pub fn classes<const C: usize>(sums: &mut [Sums; C], p: &[i8], labels: &[u8]) -> Result<(), Error> {
    for one in sums.iter() {
        one.room(labels.len(), [p.len() / C; 2])?;
    }
    if labels.iter().any(|&label| usize::from(label) >= C) {
        return Err(Error::Label);
    }
    for (p, labels) in p.chunks(BLOCK * C).zip(labels.chunks(BLOCK)) {
        let mut block = [[0u32; 3]; C];
        for (row, &label) in p.chunks_exact(C).zip(labels) {
            for (class, (one, &q)) in block.iter_mut().zip(row).enumerate() {
                let code = code(q);
                one[0] += code;
                if class == usize::from(label) {
                    one[1] += 1;
                    one[2] += code;
                }
            }
        }
        for (one, [p, t, pt]) in sums.iter_mut().zip(block) {
            add(one, [labels.len() as u32, 0, 0, p, t, pt]);
        }
    }
    Ok(())
}

/// The first greatest of C interleaved int8 channels × labels: how often each class has won, was labelled, and both.
pub fn argmax<const C: usize>(sums: &mut [Sums; C], p: &[i8], labels: &[u8]) -> Result<(), Error> {
    for one in sums.iter() {
        one.room(labels.len(), [p.len() / C; 2])?;
    }
    if labels.iter().any(|&label| usize::from(label) >= C) {
        return Err(Error::Label);
    }
    let mut block = [[0u32; 3]; C];
    for (row, &label) in p.chunks_exact(C).zip(labels) {
        let (mut greatest, mut winner) = (i32::from(row[0]), 0);
        for (class, &q) in row.iter().enumerate().skip(1) {
            if i32::from(q) > greatest {
                (greatest, winner) = (i32::from(q), class);
            }
        }
        let label = usize::from(label);
        block[winner][0] += 1;
        block[label][1] += 1;
        block[label][2] += u32::from(winner == label);
    }
    for (one, [p, t, pt]) in sums.iter_mut().zip(block) {
        add(one, [labels.len() as u32, 0, 0, p, t, pt]);
    }
    Ok(())
}

/// The same of planar channels.
pub fn argmax_planar<const C: usize>(sums: &mut [Sums; C], p: &[i8], labels: &[u8]) -> Result<(), Error> {
    for one in sums.iter() {
        one.room(labels.len(), [p.len() / C; 2])?;
    }
    if labels.iter().any(|&label| usize::from(label) >= C) {
        return Err(Error::Label);
    }
    let (pixels, mut block) = (labels.len(), [[0u32; 3]; C]);
    let planes: [&[i8]; C] = core::array::from_fn(|class| &p[class * pixels..][..pixels]);
    for (at, &label) in labels.iter().enumerate() {
        let (mut greatest, mut winner) = (i32::from(planes[0][at]), 0);
        for (class, plane) in planes.iter().enumerate().skip(1) {
            if i32::from(plane[at]) > greatest {
                (greatest, winner) = (i32::from(plane[at]), class);
            }
        }
        let label = usize::from(label);
        block[winner][0] += 1;
        block[label][1] += 1;
        block[label][2] += u32::from(winner == label);
    }
    for (one, [p, t, pt]) in sums.iter_mut().zip(block) {
        add(one, [labels.len() as u32, 0, 0, p, t, pt]);
    }
    Ok(())
}

/// Interleaved int8 maps of C classes × labels, of the pixels that `keeps` says of a byte beside them; the others are ignored.
pub fn kept<const C: usize>(
    sums: &mut [Sums; C],
    p: &[i8],
    labels: &[u8],
    beside: &[u8],
    keeps: impl Fn(u8) -> bool,
) -> Result<(), Error> {
    for one in sums.iter() {
        one.room(labels.len(), [p.len() / C, beside.len()])?;
    }
    if labels.iter().any(|&label| usize::from(label) >= C) {
        return Err(Error::Label);
    }
    for ((p, labels), beside) in p.chunks(BLOCK * C).zip(labels.chunks(BLOCK)).zip(beside.chunks(BLOCK)) {
        let (mut block, mut count) = ([[0u32; 3]; C], 0);
        for ((row, &label), &byte) in p.chunks_exact(C).zip(labels).zip(beside) {
            if !keeps(byte) {
                continue;
            }
            count += 1;
            for (class, (one, &q)) in block.iter_mut().zip(row).enumerate() {
                let code = code(q);
                one[0] += code;
                if class == usize::from(label) {
                    one[1] += 1;
                    one[2] += code;
                }
            }
        }
        for (one, [p, t, pt]) in sums.iter_mut().zip(block) {
            add(one, [count, labels.len() as u32 - count, 0, p, t, pt]);
        }
    }
    Ok(())
}

/// Interleaved int8 maps of C classes, each against its share of the mask of greatest ones: Σp, Σt and Σpt of each class.
pub fn confidence<const C: usize>(sums: &mut [Sums; C], p: &[i8]) -> Result<(), Error> {
    if !p.len().is_multiple_of(C) {
        return Err(Error::Split);
    }
    for one in sums.iter() {
        one.room(p.len() / C, [p.len() / C; 2])?;
    }
    for p in p.chunks(BLOCK * C) {
        let mut block = [[0u32; 3]; C];
        for row in p.chunks_exact(C) {
            let (mut greatest, mut winner) = (code(row[0]), 0);
            for (class, (one, &q)) in block.iter_mut().zip(row).enumerate() {
                let code = code(q);
                one[0] += code;
                if code > greatest {
                    (greatest, winner) = (code, class);
                }
            }
            block[winner][1] += 1;
            block[winner][2] += greatest;
        }
        for (one, [sp, t, pt]) in sums.iter_mut().zip(block) {
            add(one, [(p.len() / C) as u32, 0, 0, sp, t, pt]);
        }
    }
    Ok(())
}

/// Codes of 2⁻²³ × a mask: 0 is background. What has no code is left out, and invalid.
pub fn fine<R: Copy>(sums: &mut Sums, p: &[R], mask: &[u8], code: impl Fn(R) -> Option<u32>) -> Result<(), Error> {
    sums.room(p.len(), [mask.len(); 2])?;
    for (p, mask) in p.chunks(FINE).zip(mask.chunks(FINE)) {
        let [mut invalid, mut sp, mut st, mut spt] = [0u32; 4];
        for (&p, &one) in p.iter().zip(mask) {
            let Some(p) = code(p) else {
                invalid += 1;
                continue;
            };
            sp += p;
            if one != 0 {
                st += 1;
                spt += p;
            }
        }
        add(sums, [p.len() as u32 - invalid, 0, 0, sp, st, spt]);
        sums.invalid += u64::from(invalid);
    }
    Ok(())
}

/// The code of an f32 probability in units of 2⁻²³, rounding dust around [0, 1] included.
pub fn float(p: f32) -> Option<u32> {
    let inside = (-1e-6..=1.000_001).contains(&p);
    // The bits of a float between 1 and 2 are that, and an addition rounds to them.
    if inside { Some((p.clamp(0.0, 1.0) + 1.0).to_bits() - 1f32.to_bits()) } else { None }
}

/// Interleaved maps of C classes × labels, under a softmax that gives the codes of a row: Σp, Σt and Σpt of each class.
#[cfg(not(small))]
pub fn shares<R: Copy, const C: usize>(
    sums: &mut [Sums; C],
    p: &[R],
    labels: &[u8],
    codes: impl Fn(&[R; C]) -> Option<[u32; C]>,
) -> Result<(), Error> {
    for one in sums.iter() {
        one.room(labels.len(), [p.len() / C; 2])?;
    }
    if labels.iter().any(|&label| usize::from(label) >= C) {
        return Err(Error::Label);
    }
    for (p, labels) in p.chunks(FINE * C).zip(labels.chunks(FINE)) {
        let (mut block, mut invalid) = ([[0u32; 3]; C], 0);
        for (row, &label) in p.as_chunks::<C>().0.iter().zip(labels) {
            let Some(codes) = codes(row) else {
                invalid += 1;
                continue;
            };
            for (one, code) in block.iter_mut().zip(codes) {
                one[0] += code;
            }
            let label = usize::from(label);
            block[label][1] += 1;
            block[label][2] += codes[label];
        }
        for (one, [p, t, pt]) in sums.iter_mut().zip(block) {
            add(one, [labels.len() as u32 - invalid, 0, 0, p, t, pt]);
            one.invalid += u64::from(invalid);
        }
    }
    Ok(())
}
