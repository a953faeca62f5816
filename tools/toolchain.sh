# Sourced by the scripts that build: says what is missing before anything long begins.

need_toolchain() {
    local wanted found
    wanted=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
    command -v cargo >/dev/null && found=$(rustc --version | cut -d' ' -f2) ||
        { echo "There is no Rust. Install it from https://rustup.rs" >&2; exit 1; }
    [ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n1)" = "$wanted" ] ||
        { echo "This is Rust $found, and $wanted is needed (Debian's own is older). Install it from https://rustup.rs" >&2; exit 1; }
    command -v cc >/dev/null || { echo "There is no C compiler. As root: apt-get install build-essential" >&2; exit 1; }
}
