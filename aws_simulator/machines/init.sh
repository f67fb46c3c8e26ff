# shellcheck shell=sh
# The first process of a machine: starts the user data, adopts what they leave behind, and
# stays until the simulator lets go of standard input, by will or by dying.
# Arguments: the command that runs the user data (none: the machine boots and does nothing).

if [ -n "$MACHINE_HOSTNAME" ]; then
  # Only set inside our own UTS and mount namespaces.
  echo "$MACHINE_HOSTNAME" 2>/dev/null > /proc/sys/kernel/hostname \
    || hostname "$MACHINE_HOSTNAME" 2>/dev/null
  if [ -f /etc/machine-id ]; then
    mount --bind "$MACHINE_ROOT/machine-id" /etc/machine-id 2>/dev/null
  fi
fi
namespaced=$MACHINE_HOSTNAME
unset MACHINE_HOSTNAME MACHINE_ROOT

trap : TERM HUP INT
if [ $# -gt 0 ]; then
  {
    "$@" </dev/null
    echo "[machine] user data ended with status $?"
  } &
fi

# A child, not the builtin `read`: while the shell waits for it, it buries orphans too.
until cat >/dev/null; do :; done

# In a namespace the kernel kills the rest now. Without one, look for our mark.
[ -n "$namespaced" ] && exit 0
for _ in 1 2 3 4 5; do
  for environ in /proc/[0-9]*/environ; do
    pid=${environ#/proc/}
    pid=${pid%/environ}
    [ "$pid" = $$ ] && continue
    grep -qzxF "SIMULATED_MACHINE=$SIMULATED_MACHINE" "$environ" 2>/dev/null && kill -KILL "$pid"
  done
done 2>/dev/null
