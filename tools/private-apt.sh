# Sourced by the set-up scripts: messages, and an apt that keeps everything in a folder of its own.
#
# It needs no root and changes nothing on the machine. The script that sources this sets `work`, the folder to use.
# The Debian mirror and its keyring come from the machine's apt configuration, or from
# CORDBOARD_DEBIAN_MIRROR and CORDBOARD_DEBIAN_KEYRING.

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# fail SENTENCE [LINE …]: ends the script; the lines say what to do.
fail() {
    say "error: $1"
    shift
    local line
    for line in "$@"; do printf '    %s\n' "$line" >&2; done
    exit 1
}

# Debian mirrors of this machine, one a line: "URL keyring" (the keyring may be missing).
mirrors() {
    local url release component keyring
    if [[ -n ${CORDBOARD_DEBIAN_MIRROR:-} ]]; then
        printf '%s %s\n' "$CORDBOARD_DEBIAN_MIRROR" "${CORDBOARD_DEBIAN_KEYRING:-}"
        return
    fi
    # Where no package list was ever downloaded, apt names its sources only with --no-release-info (and no keyrings).
    local format='$(SITE) $(RELEASE) $(COMPONENT) $(SIGNED_BY)'
    {
        apt-get indextargets --format "$format" 'Identifier: Packages' || true
        apt-get indextargets --no-release-info --format "$format" 'Identifier: Packages' || true
    } 2>/dev/null |
        while read -r url release component keyring; do
            [[ $component == main ]] || continue
            case $release in
            bookworm | trixie | forky | duke | sid | oldstable | stable | testing | unstable) ;;
            *) continue ;;
            esac
            [[ -z ${CORDBOARD_DEBIAN_KEYRING:-} ]] || keyring=$CORDBOARD_DEBIAN_KEYRING
            printf '%s %s\n' "$url" "$keyring"
        done | awk '!seen[$1]++'
}

# apt with folders of its own: it reads the proxies of this machine, but neither its sources nor its state.
configure_apt() {
    local suite=$1 url=$2 keyring=$3
    mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial"
    : >"$work/apt/status"
    printf 'deb [signed-by=%s check-valid-until=no] %s %s main\n' "$keyring" "$url" "$suite" >"$work/apt/sources.list"
    {
        apt-config dump | grep -E '^Acquire::(https?|ForceIPv[46]|Check-Date)\b' || true
        cat <<CONF
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::sourcelist "$work/apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "$work/apt";
Dir::State::lists "$work/apt/lists";
Dir::State::status "$work/apt/status";
Dir::Cache "$work/apt";
Dir::Cache::archives "$work/apt/archives";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Debug::NoLocking "1";
CONF
    } >"$work/apt/apt.conf"
}

private_apt() { APT_CONFIG=$work/apt/apt.conf apt-get -q=2 "$@" >"$work/apt/log" 2>&1; }

find_keyring() {
    local candidate
    for candidate in "$1" /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
        if [[ $candidate == /* && -r $candidate ]]; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

# update_from_some_mirror SUITE: reads the package list from the first mirror that has the suite.
update_from_some_mirror() {
    local suite=$1 url keyring tried=()
    while read -r url keyring; do
        keyring=$(find_keyring "$keyring") || fail "the keyring of the Debian archive is missing" \
            "As root: apt-get install debian-archive-keyring" \
            "or set CORDBOARD_DEBIAN_KEYRING to a copy of debian-archive-keyring.gpg."
        say "reading the package list of Debian $suite from $url"
        configure_apt "$suite" "$url" "$keyring"
        if private_apt update --error-on=any; then return; fi
        tried+=("$url: $(grep -m1 -E '^(E|Err|W):?' "$work/apt/log" || tail -n1 "$work/apt/log")")
    done < <(mirrors)
    if [[ ${#tried[@]} -eq 0 ]]; then
        fail "no Debian mirror is named in this machine's apt configuration" \
            "Set CORDBOARD_DEBIAN_MIRROR to the URL of one, or install what is missing yourself."
    fi
    fail "Debian $suite could not be read. Is there a network?" "${tried[@]}" \
        "Another mirror: CORDBOARD_DEBIAN_MIRROR=URL. Behind a proxy: set Acquire::http::Proxy in apt's configuration."
}
