# Sourced by the scripts that take a package from npm: Node.js, and packages as npm has them, unchanged.
#
# The script that sources this has sourced private-apt.sh and sets `here`, its folder, and `cache`, the folder for what
# is downloaded.

usable() {
    command -v node >/dev/null && command -v npm >/dev/null &&
        node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)'
}

# Takes the machine's, or that of the tests' Python environment.
find_node() {
    usable && return
    local python
    python=$("$here/test-setup") && PATH=$(dirname "$python"):$PATH
    usable || fail "there is no Node.js 18 or newer with npm" "As root: apt-get install nodejs npm"
}

# take_from_npm NAME RELEASE SHA512: unpacked in a folder of the cache, which is printed. One at a time: the caller
# holds a lock.
take_from_npm() {
    local name=$1 release=$2 sum=$3 file folder
    file=${name#@}
    file=${file//\//-}-$release
    folder=$cache/$file
    if [[ ! -d $folder ]]; then
        find_node
        say "getting $name $release from npm"
        rm -rf "$folder.partial"
        mkdir -p "$folder.partial"
        (cd "$folder.partial" && npm pack --silent "$name@$release" >/dev/null) ||
            fail "$name could not be had from npm" "Is there a network? Behind a proxy set npm_config_proxy."
        printf '%s  %s\n' "$sum" "$folder.partial/$file.tgz" | sha512sum --check --status ||
            fail "$name $release is not the one that the tests were written for"
        tar -xzf "$folder.partial/$file.tgz" -C "$folder.partial"
        mv "$folder.partial" "$folder"
    fi
    printf '%s\n' "$folder/package"
}
