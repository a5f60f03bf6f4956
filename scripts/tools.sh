#!/bin/sh
# The programs that tests and benchmarks hold ours against. Installs them where it may, otherwise says what to install.
packages=""
command -v age >/dev/null 2>&1 || packages="$packages age"
command -v chromium >/dev/null 2>&1 || packages="$packages chromium"
command -v firefox-esr >/dev/null 2>&1 || packages="$packages firefox-esr libavcodec59"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages="$packages postgresql"
command -v curl >/dev/null 2>&1 || packages="$packages curl"
command -v openssl >/dev/null 2>&1 || packages="$packages openssl"
[ -z "$packages" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests:$packages"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages >/dev/null
  exit $?
fi
echo "The tests need programs that are not here. As root: apt-get install$packages" >&2
exit 1
