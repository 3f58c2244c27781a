// Translates libraries of CQL by the reference translator and decides cases by cql-execution.
//
// In on standard input: {"name": {"cql": "library …", "cases": [{"isi.total": 15}, …]}, …}
// Out on standard output: {"name": {"errors": ["…"], "results": [{"SLP-03": true}, …]}, …}

import { readFileSync } from "node:fs";
import cql from "cql-execution";
import {
  CqlTranslator,
  LibraryManager,
  ModelManager,
  createModelInfoProvider,
  stringAsSource,
} from "@cqframework/cql/cql-to-elm";
import { SYSTEM } from "./system.mjs";

const models = new ModelManager();
models.modelInfoLoader.registerModelInfoProvider(
  createModelInfoProvider((id) => (id === "System" ? stringAsSource(SYSTEM) : null)),
);

async function judge({ cql: text, cases }) {
  const translator = CqlTranslator.fromText(text, new LibraryManager(models));
  const said = [...translator.errors.asJsReadonlyArrayView(), ...translator.warnings.asJsReadonlyArrayView()];
  const elm = JSON.parse(translator.toJson());
  const placed = elm.library.annotation
    .filter((each) => each.errorSeverity)
    .map((each) => `${each.startLine}:${each.startChar}: ${each.errorSeverity}: ${each.message}`);
  if (said.length || placed.length) {
    return { errors: placed.length ? placed : said.map((each) => each.message), results: [] };
  }
  const library = new cql.Library(elm);
  const results = [];
  for (const facts of cases) {
    const executor = new cql.Executor(library, new cql.CodeService({}), facts);
    results.push((await executor.exec(new cql.PatientSource([]))).unfilteredResults);
  }
  return { errors: [], results };
}

const unknown = (_, value) => (value === undefined ? null : value);
const found = {};
for (const [name, library] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  found[name] = await judge(library);
}
process.stdout.write(JSON.stringify(found, unknown));
