//! The hashes that the schemes are made of. Keys are wiped from memory after use.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::digest::{Digest, Output};
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use zeroize::Zeroize;

use crate::encode::hexadecimal;

/// Lower-case hexadecimal SHA-256 of some bytes.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal HMAC-SHA256.
#[must_use]
pub fn hmac_sha256_hex(key: &str, message: &str) -> String {
    hexadecimal(&keyed::<Sha256>(&[key.as_bytes()], message.as_bytes()))
}

/// Base64 of HMAC-SHA1. The key is the two parts joined, so that "secret&" need not be built anywhere.
#[must_use]
pub fn hmac_sha1_base64(key: [&str; 2], message: &str) -> String {
    STANDARD.encode(keyed::<Sha1>(&key.map(str::as_bytes), message.as_bytes()))
}

/// HMAC with a key in parts. RFC 2104 pads a short key with zeros to one block of the hash and hashes a long one first;
/// done here, it needs no fallible constructor and leaves one copy of the key, which is wiped.
fn keyed<D>(key: &[&[u8]], message: &[u8]) -> Output<Hmac<D>>
where
    D: EagerHash + Digest,
    Hmac<D>: KeyInit + Mac,
{
    let mut block = hmac::digest::Key::<Hmac<D>>::default();
    let length: usize = key.iter().map(|part| part.len()).sum();
    if length <= block.len() {
        let bytes = key.iter().copied().flatten();
        block.iter_mut().zip(bytes).for_each(|(to, byte)| *to = *byte);
    } else {
        let mut hash = <D as Digest>::new();
        key.iter().for_each(|part| Digest::update(&mut hash, part));
        block.iter_mut().zip(hash.finalize()).for_each(|(to, byte)| *to = byte);
    }
    let mut mac = <Hmac<D> as KeyInit>::new(&block);
    block.as_mut_slice().zeroize();
    Mac::update(&mut mac, message);
    mac.finalize().into_bytes()
}
