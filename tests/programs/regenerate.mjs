// Writes the expected outputs of the programs in this folder by running them with Node.
//
// A program is `NAME.ts` (its output is `NAME.out`) or a folder `NAME/` with `main.ts` and further modules (its output
// is `NAME/expected.out`). The tests compare against these files and need no Node; run this script only after adding or
// changing a program:
//
//     npm install typescript                      # anywhere; TYPESCRIPT names the package's folder
//     TYPESCRIPT=…/node_modules/typescript node regenerate.mjs            # all programs
//     TYPESCRIPT=…/node_modules/typescript node regenerate.mjs maps-sets  # only these
//     … node regenerate.mjs --check                                       # compares, writes nothing
//
// Types are stripped with `ts.transpileModule`, which checks nothing. The outputs were made with Node 20.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { createRequire } from "node:module";

const here = import.meta.dirname;
const ts = createRequire(import.meta.url)(process.env.TYPESCRIPT ?? "typescript");
const check = process.argv.includes("--check");
const wanted = process.argv.slice(2).filter((argument) => argument !== "--check");

/** All TypeScript files below a folder. */
function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

/** The `.mjs` file that a relative specifier of `importer` stands for: Node itself wants the extension spelled out. */
function mapped(importer, specifier) {
  if (!specifier.startsWith(".")) return specifier;
  const base = resolve(dirname(importer), specifier);
  const candidates = [base, base + ".ts", base.replace(/\.js$/, ".ts"), join(base, "index.ts")];
  const file = candidates.find((path) => path.endsWith(".ts") && existsSync(path));
  if (!file) throw new Error(`${importer}: nothing for ${specifier}`);
  const path = relative(dirname(importer), file).replace(/\.ts$/, ".mjs");
  return path.startsWith(".") ? path : "./" + path;
}

/** A transformer that maps every module specifier. */
function specifiers(importer) {
  return (context) => (root) => {
    const visit = (node) => {
      const literal = node.moduleSpecifier;
      if (!literal) return node;
      const text = context.factory.createStringLiteral(mapped(importer, literal.text));
      if (ts.isImportDeclaration(node)) {
        return context.factory.updateImportDeclaration(node, node.modifiers, node.importClause, text, node.attributes);
      }
      return context.factory.updateExportDeclaration(node, node.modifiers, node.isTypeOnly, node.exportClause, text, node.attributes);
    };
    return ts.visitEachChild(root, visit, context);
  };
}

/** What Node prints for the program whose files lie in `folder` and that starts at `entry`. */
function run(entry, files, folder) {
  const out = mkdtempSync(join(tmpdir(), "programs-"));
  try {
    for (const file of files) {
      const target = join(out, relative(folder, file).replace(/\.ts$/, ".mjs"));
      mkdirSync(dirname(target), { recursive: true });
      const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
        fileName: file,
        compilerOptions: { target: "ES2022", module: "ESNext", verbatimModuleSyntax: false },
        transformers: { after: [specifiers(file)] },
      });
      writeFileSync(target, outputText);
    }
    const program = join(out, relative(folder, entry).replace(/\.ts$/, ".mjs"));
    const result = spawnSync(process.execPath, [program], { encoding: "utf8", maxBuffer: 1 << 28 });
    if (result.status !== 0 || result.stderr !== "") throw new Error(`${entry}: exit ${result.status}\n${result.stderr}`);
    return result.stdout;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

let failures = 0;
for (const entry of readdirSync(here).sort()) {
  const path = join(here, entry);
  const folder = statSync(path).isDirectory();
  const name = folder ? entry : entry.replace(/\.ts$/, "");
  if (!(folder ? existsSync(join(path, "main.ts")) : entry.endsWith(".ts"))) continue;
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const expected = folder ? join(path, "expected.out") : join(here, name + ".out");
  try {
    const output = folder ? run(join(path, "main.ts"), sources(path), path) : run(path, [path], here);
    if (!check) {
      writeFileSync(expected, output);
    } else if (!existsSync(expected) || readFileSync(expected, "utf8") !== output) {
      throw new Error(`${name}: the output differs from ${relative(here, expected)}`);
    }
  } catch (error) {
    console.error(error.message);
    failures += 1;
  }
}
process.exitCode = failures === 0 ? 0 : 1;
