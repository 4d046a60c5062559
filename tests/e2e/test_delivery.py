"""How the page comes to the browser: small, and kept for as long as it is good."""

from support.processes import ROOT, fetch

DIST = ROOT / "dist"


def test_everything_that_the_build_compressed_comes_compressed(demo):
    packed = {path.name.removesuffix(".br"): path.stat().st_size for path in DIST.glob("*.br")}
    assert "index.html" in packed and any(name.endswith(".wasm") for name in packed), packed
    for name, size in packed.items():
        address = "/" if name == "index.html" else f"/{name}"
        for accepted, encoding in (("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0", None)):
            status, headers, _ = fetch(demo.url + address, headers={"Accept-Encoding": accepted})
            assert (status, headers["Content-Encoding"]) == (200, encoding), f"{name} for {accepted}"
            assert headers["Vary"] == "accept-encoding", name
            if encoding == "br":
                assert int(headers["Content-Length"]) == size, name


def test_what_has_a_hash_in_its_name_is_kept_and_the_page_is_asked_for_again(demo):
    for path in DIST.iterdir():
        if path.suffix in (".br", ".gz"):
            continue
        is_page = path.name == "index.html"
        address = "/" if is_page else f"/{path.name}"
        _, headers, _ = fetch(demo.url + address)
        kept = headers["Cache-Control"]
        assert kept == ("no-cache" if is_page else "public, max-age=31536000, immutable"), path.name
        status, _, body = fetch(demo.url + address, headers={"If-None-Match": headers["ETag"]})
        assert (status, body) == (304, ""), path.name


def test_the_page_of_an_address_that_is_none_says_so_compressed_too(demo):
    given = {"Accept": "text/html", "Accept-Encoding": "br"}
    status, headers, _ = fetch(f"{demo.url}/nowhere", headers=given)
    assert (status, headers["Content-Encoding"]) == (404, "br")
