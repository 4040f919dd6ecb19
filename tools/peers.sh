#!/usr/bin/env bash
# Gets the programs that our tests hold ours against: `tools/peers.sh FOLDER [--mesh]`. Source FOLDER/env afterwards.
#   a Python with NHS England's MESH sandbox, the Go tool chain and tlog-scales, from the hash-locked list
#   golang.org/x/mod: from Debian's signed archive or, where there is none, through Go's module proxy and checksum log
#   the second build of Cedar, from npm's lock
# With --mesh only the first, which is what every run in CI needs. What else cannot be had is named and left out: its
# tests then skip by name.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1" && folder=$(cd "$1" && pwd)
lock=$here/requirements/peers.lock
package=golang-golang-x-mod-dev

if ! cmp -s "$lock" "$folder/installed.lock"; then
  "${PYTHON:-python3.11}" -m venv "$folder/venv"
  "$folder/venv/bin/python" -m pip --disable-pip-version-check --quiet install --require-hashes -r "$lock"
  cp "$lock" "$folder/installed.lock"
fi

cat >"$folder/env" <<END
export PRIVITY_MESH_PYTHON=$folder/venv/bin/python
export PRIVITY_TLOG_PYTHON=$folder/venv/bin/python
export PRIVITY_GO=$folder/venv/bin/go
export PRIVITY_GO_MOD=$folder/x-mod
END

[ "${2:-}" != --mesh ] || exit 0

go_module() {
  # Debian's package is the module's source; Go's proxy has the same under its own checksum.
  if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
    (cd "$folder" && rm -f -- "$package"_*.deb && apt-get download -qq "$package" && dpkg-deb -x "$package"_*.deb debian) \
      && ln -sfn "$folder/debian/usr/share/gocode/src/golang.org/x/mod" "$folder/x-mod" && return
  fi
  GOPATH=$folder/gopath GOTOOLCHAIN=local GOFLAGS=-modcacherw \
    "$folder/venv/bin/go" mod download golang.org/x/mod@v0.7.0 \
    && ln -sfn "$folder/gopath/pkg/mod/golang.org/x/mod@v0.7.0" "$folder/x-mod"
}
[ -d "$folder/x-mod/sumdb/tlog" ] || go_module >&2 || echo "golang.org/x/mod could not be had: Go checks nothing" >&2

if command -v npm >/dev/null; then
  (cd "$here/tests/second_engine" && npm ci --silent --no-audit --no-fund) >&2 \
    || echo "npm could not install the second engine: it is not asked" >&2
else
  echo "npm is not here: the second engine is not asked" >&2
fi
