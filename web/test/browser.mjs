/* Debian's Chromium, drawing WebGL in software. */
import {existsSync} from "node:fs";
import {chromium} from "playwright-core";

export const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

export function launch(...more) {
  return chromium.launch({executablePath: program, args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-background-networking", "--disable-component-update", "--no-first-run", ...more]});
}
