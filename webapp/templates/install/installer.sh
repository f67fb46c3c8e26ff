#!/bin/sh
# Installs dstack-runner, the agent that makes this machine a runner of the server below.
# For everybody on the machine: sudo sh. For yourself: sh. PREFIX chooses another place.
set -eu

SERVER={{ server|safe }}
FILE={{ name }}

say() { printf '%s\n' "$*"; }

fail() {
    printf 'dstack-runner was not installed: %s\n' "$*" >&2
    exit 1
}

is_root() { [ "$(id -u)" -eq 0 ]; }

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python3.9 python3.8; do
        # What it says of itself: not a shim of a version manager, which works for its own user only.
        "$name" -IS -c 'import sys
sys.exit(1) if sys.version_info < (3, 8) else print(sys.executable)' 2>/dev/null || continue
        return
    done
    fail "it needs Python 3.8 or later. Get it with: $(how_to_get_python)"
}

how_to_get_python() {
    for tool in apt-get dnf yum zypper apk pacman; do
        command -v "$tool" >/dev/null 2>&1 || continue
        case $tool in
            apk) say 'apk add python3' ;;
            pacman) say 'pacman -S python' ;;
            *) say "$tool install python3" ;;
        esac
        return
    done
    say 'the package manager of this system, or https://www.python.org/downloads/'
}

fetch() {
    if command -v curl >/dev/null 2>&1; then
        curl -fsSL --retry 2 "$1" -o "$2"
    elif command -v wget >/dev/null 2>&1; then
        wget -q "$1" -O "$2"
    else
        "$python" -c 'import sys, urllib.request as u; u.urlretrieve(sys.argv[1], sys.argv[2])' "$1" "$2"
    fi || fail "$1 could not be fetched"
}

sha256_of() {
    if command -v sha256sum >/dev/null 2>&1; then
        sum=$(sha256sum "$1") || return
        say "${sum%% *}"
        return
    fi
    "$python" -IS -c 'import hashlib, sys
print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"
}

fetch_agent() {
    fetch "$SERVER/runner/$FILE" "$lib/$FILE.new"
    fetch "$SERVER/runner/$FILE.sha256" "$lib/$FILE.sha256.new"
    read -r wanted _ <"$lib/$FILE.sha256.new" || fail "$SERVER/runner/$FILE.sha256 is empty"
    found=$(sha256_of "$lib/$FILE.new")
    [ "$wanted" = "$found" ] || fail "the file that came is not the one that was meant (SHA-256 $found)"
    rm -f "$lib/$FILE.sha256.new"
    chmod 644 "$lib/$FILE.new"
    # A rename, so that an agent that runs keeps the file it began with.
    mv -f "$lib/$FILE.new" "$lib/$FILE"
    printf '%s\n' "$SERVER" >"$lib/server"
}

in_quotes() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }

write_command() {
    # -I and -S: what is in the environment or the site packages of a user is none of its business.
    printf '#!/bin/sh\nexec %s -IS %s "$@"\n' \
        "$(in_quotes "$python")" "$(in_quotes "$lib/$FILE")" >"$bin/dstack-runner.new"
    chmod 755 "$bin/dstack-runner.new"
    mv -f "$bin/dstack-runner.new" "$bin/dstack-runner"
}

unit_folder() {
    if [ -n "$chosen" ]; then
        if is_root; then say "$PREFIX/lib/systemd/system"; else say "$PREFIX/lib/systemd/user"; fi
    elif is_root; then
        say /etc/systemd/system
    else
        say "${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user"
    fi
}

write_unit() {
    units=$(unit_folder)
    mkdir -p "$units" || fail "$units cannot be made"
    {
        printf '[Unit]\nDescription=Runner of %s\n' "$(say "$SERVER" | sed 's/%/%%/g')"
        printf 'Wants=network-online.target\nAfter=network-online.target\n\n[Service]\n'
        if is_root; then printf 'User=%s\n' "$user"; fi
        printf 'ExecStart="%s" start\n' "$bin/dstack-runner"
        # Stopping the service hands running jobs back to the queue; it does not wait for hours.
        printf 'ExecStop="%s" stop --now\n' "$bin/dstack-runner"
        printf 'KillMode=mixed\nTimeoutStopSec=90\nRestart=always\nRestartSec=5\n\n[Install]\n'
        if is_root; then say 'WantedBy=multi-user.target'; else say 'WantedBy=default.target'; fi
    } >"$units/dstack-runner.service"
}

next_step() {
    command="$bin/dstack-runner"
    [ "$(command -v dstack-runner 2>/dev/null || :)" = "$command" ] && command=dstack-runner
    say "Next, as the user ${user}, with your token from $SERVER (Settings):"
    say "    $command config --token <token>"
    say "    $command start"
    if [ -n "$chosen" ]; then
        say "A systemd unit is in $units."
    elif is_root; then
        say 'Or, instead of start, as a service: sudo systemctl enable --now dstack-runner'
    else
        say 'Or, instead of start, as a service: systemctl --user enable --now dstack-runner'
    fi
}

main() {
    umask 022
    chosen=${PREFIX:-}
    if is_root; then PREFIX=${PREFIX:-/usr/local}; else PREFIX=${PREFIX:-$HOME/.local}; fi
    case $PREFIX in /*) ;; *) fail "PREFIX should be an absolute path, not $PREFIX" ;; esac
    # Who typed sudo is who will type `dstack-runner config`, into a home of their own.
    if is_root; then user=${SUDO_USER:-root}; else user=$(id -un); fi
    python=$(find_python)
    bin=$PREFIX/bin lib=$PREFIX/lib/dstack-runner
    mkdir -p "$bin" "$lib" 2>/dev/null || fail "$PREFIX cannot be written; use sudo, or PREFIX=\$HOME/.local"
    before=$("$bin/dstack-runner" --version 2>/dev/null || :)
    fetch_agent
    write_command
    after=$("$bin/dstack-runner" --version) || fail "it does not start: see the message above"
    write_unit
    if [ -n "$before" ]; then
        say "Upgraded $before to $after. An agent that runs goes on as it is until it is restarted."
    else
        say "Installed $after in $PREFIX."
    fi
    next_step
}

main "$@"
