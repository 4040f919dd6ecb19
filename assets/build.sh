#!/bin/sh
# Builds the style sheet, the script, the fonts and the pictures of the pages, and writes their hashes.
# For maintainers: needs npm. The result is committed; installing and running Privity never calls this.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
out=$root/src/privity/edge/web/static/privity
kitchen=$(mktemp -d)
trap 'rm -rf "$kitchen"' EXIT

cp "$here/package.json" "$here/package-lock.json" "$here/pages.scss" "$kitchen/"
cd "$kitchen"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
npx sass --load-path=node_modules --style=compressed --no-source-map --quiet-deps pages.scss pages.css
# The same sheet mirrored, for languages that are written from right to left.
npx rtlcss --silent pages.css pages-rtl.css

rm -rf "$out"
mkdir -p "$out/fonts" "$out/images" "$out/licences"
mv pages.css "$out/pages.css"
mv pages-rtl.css "$out/pages-rtl.css"
# The source map stays behind: browsers would ask for a file that is not there.
sed 's|//# sourceMappingURL=.*||' node_modules/nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.js > "$out/nhsuk-frontend.min.js"
cp "$here/start.js" "$here/passkey.js" "$out/"
cp "$here/mark.svg" "$out/images/mark.svg"
for icon in arrow-down arrow-up arrow-up-down cross; do
  cp "node_modules/nhsuk-frontend/dist/nhsuk/assets/images/nhsuk-icon-$icon.svg" "$out/images/"
done
for part in latin latin-ext vietnamese; do
  cp "node_modules/@fontsource-variable/inter/files/inter-$part-wght-normal.woff2" "$out/fonts/"
done
cp node_modules/@fontsource-variable/inter/LICENSE "$out/licences/inter.txt"
cp "$here/licence-nhsuk-frontend.txt" "$out/licences/nhsuk-frontend.txt"

cd "$root"
find src/privity/edge/web/static/privity -type f | LC_ALL=C sort | xargs sha256sum > "$here/manifest.sha256"
