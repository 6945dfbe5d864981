#!/bin/sh
# Puts headers and libraries of Apache Arrow where a build with FOREBAY_PARQUET=ON finds them:
#
#   gateway/delivery/parquet/parquet-sdk.sh [FOLDER]      FOLDER: build/parquet-sdk
#
# Debian 12 has no package of Arrow. The wheel of pyarrow has all that is needed; it is fetched with pip, which checks the
# digests in arrow-wheel.txt, and only C++ headers, two libraries and the licence are kept. ARCH=aarch64 with
# STRIP=aarch64-linux-gnu-strip fetches those of another machine.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
target=${1:-$here/../../../build/parquet-sdk}
arch=${ARCH:-$(uname -m)}

mkdir -p "$target"
target=$(CDPATH='' cd -- "$target" && pwd)
stamp="$target/stamp"
wanted="$arch $(cksum <"$here/arrow-wheel.txt")"
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  echo "parquet-sdk: $target is ready"
  exit 0
fi

rm -rf "$target/download" "$target/include" "$target/lib" "$target/licence" "$stamp"
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
  --python-version 3.11 --implementation cp --abi cp311 --platform "manylinux_2_28_$arch" \
  -r "$here/arrow-wheel.txt" -d "$target/download"
python3 -m zipfile -e "$target"/download/pyarrow-*.whl "$target/download"

mkdir -p "$target/include" "$target/lib" "$target/licence"
mv "$target/download/pyarrow/include/arrow" "$target/download/pyarrow/include/parquet" "$target/include"
for name in libarrow libparquet; do
  file=$(find "$target/download/pyarrow" -maxdepth 1 -name "$name.so.[0-9]*" ! -name '*.so.*.*' | head -n 1)
  mv "$file" "$target/lib"
  "${STRIP:-strip}" --strip-unneeded "$target/lib/${file##*/}"
done
find "$target/download" -path '*dist-info*' \( -iname 'LICENSE*' -o -iname 'NOTICE*' \) -type f \
  -exec mv {} "$target/licence" \;
rm -rf "$target/download"
echo "$wanted" >"$stamp"
echo "parquet-sdk: $target is ready"
