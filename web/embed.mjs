/* Writes the built page, gzipped, as C: node embed.mjs DIST OUT.c. The names are those of src/serve/page.h. */
import {readdirSync, readFileSync, writeFileSync} from "node:fs";
import {extname, join} from "node:path";
import {gzipSync} from "node:zlib";

const [dist, out] = process.argv.slice(2);
const types = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"};
const files = [["index.html", join(dist, "index.html")], ...readdirSync(join(dist, "assets")).sort().map(name => [name, join(dist, "assets", name)])];

let total = 0, arrays = "", table = "";
files.forEach(([name, path], i) => {
  const type = types[extname(name)], bytes = gzipSync(readFileSync(path), {level: 9});
  if (!type) throw new Error(`${name}: a type of file that embed.mjs does not know`);
  total += bytes.length;
  arrays += `static const unsigned char file_${i}[] = {${[...bytes].join(",")}};\n`;
  table += `    {"${name}", "${type}", file_${i}, sizeof file_${i}},\n`;
});
writeFileSync(out, `/* Made by web/embed.mjs. */\n#include "serve/page.h"\n\n${arrays}\nconst page_file page_files[] = {\n${table}    {0}};\n`);
console.log(`page: ${files.length} files, ${(total / 1000).toFixed(0)} kB gzipped`);
