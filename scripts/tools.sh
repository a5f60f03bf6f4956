#!/bin/sh
# The programs that tests and benchmarks hold ours against. Installs them where it may, otherwise says what to install.
packages=""
command -v age >/dev/null 2>&1 || packages="$packages age"
command -v chromium >/dev/null 2>&1 || packages="$packages chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages="$packages postgresql"
command -v curl >/dev/null 2>&1 || packages="$packages curl"
command -v openssl >/dev/null 2>&1 || packages="$packages openssl"
# The proxies of deploy/. Debian starts what it installs; the tests start their own, so these are kept from starting.
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || packages="$packages nginx-light"
command -v caddy >/dev/null 2>&1 || packages="$packages caddy"
# A second browser: its story is left out where it is not. ffmpeg brings the library with which it plays H.264.
second=""
command -v firefox-esr >/dev/null 2>&1 || second="firefox-esr ffmpeg"
[ -z "$packages$second" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests: $packages $second"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  [ -z "$second" ] || apt-get install -y -qq --no-install-recommends $second >/dev/null ||
    echo "Without $second the story in Firefox is left out." >&2
  [ -z "$packages" ] || apt-get install -y -qq --no-install-recommends $packages >/dev/null
  exit $?
fi
[ -z "$packages" ] && echo "Without $second the story in Firefox is left out." >&2 && exit 0
echo "The tests need programs that are not here. As root: apt-get install$packages $second" >&2
exit 1
