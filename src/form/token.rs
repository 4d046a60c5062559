//! The idempotency token of a draft.

/// How many random bytes a token needs.
pub const TOKEN_BYTES: usize = 17;

/// `uc-` and 26 characters of Crockford's base 32: 130 random bits in 29 ASCII characters, well under the 64 that
/// the vendors allow (apis.md section 2, ClientToken).
#[must_use]
pub fn from_random(bytes: &[u8; TOKEN_BYTES]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut token = String::from("uc-");
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        count += 8;
        while count >= 5 && token.len() < 29 {
            count -= 5;
            let index = (bits >> count) & 31;
            token.push(char::from(ALPHABET[index as usize]));
        }
        bits &= (1 << count) - 1;
    }
    token
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_is_fixed_and_every_bit_counts() {
        assert_eq!(from_random(&[0; TOKEN_BYTES]), "uc-00000000000000000000000000");
        assert_eq!(from_random(&[255; TOKEN_BYTES]), "uc-ZZZZZZZZZZZZZZZZZZZZZZZZZZ");
        let mut seen = std::collections::HashSet::new();
        for bit in 0..130 {
            let mut bytes = [0; TOKEN_BYTES];
            bytes[bit / 8] = 128 >> (bit % 8);
            let token = from_random(&bytes);
            assert_eq!(token.len(), 29);
            assert!(seen.insert(token), "bit {bit} changes nothing");
        }
    }
}
