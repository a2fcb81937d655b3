// Holds EPUBs against DAISY Ace with one browser for all of them. Reads the path of a book per line from standard input
// and answers each with a line of JSON: {"violations": [{impact, rule, file, count, html}, …]} or {"failed": "why"}.

"use strict";

const fs = require("node:fs");
const readline = require("node:readline");
const runner = require("@daisy/ace-axe-runner-puppeteer");
const checker = require("@daisy/ace-core/lib/checker/checker.js");
const logger = require("@daisy/ace-logger");
const { EPUB } = require("@daisy/epub-utils");
const { Report } = require("@daisy/ace-report");

let launched = null;

// Ace launches and closes a browser for each book; here the first launch serves all.
const shared = {
  concurrency: 2,
  setTimeout: runner.setTimeout,
  launch: () => (launched ??= runner.launch()),
  close: () => Promise.resolve(),
  run: (...page) => runner.run(...page),
};

async function check(path) {
  const epub = new EPUB(path);
  await epub.extract();
  try {
    await epub.parse();
    const report = await new Report(epub, undefined, "en").init();
    await checker.check(epub, report, "en", true, shared);
    return { violations: violations(report.json) };
  } finally {
    if (epub.basedir) fs.rmSync(epub.basedir, { recursive: true, force: true });
  }
}

// Ace nests assertions: one for each file, one below it for each place. Places of one rule in a file are counted.
function violations(report) {
  const found = new Map();
  for (const subject of report.assertions ?? []) {
    const file = subject["earl:testSubject"]?.url ?? "";
    for (const { "earl:test": test, "earl:result": result } of subject.assertions ?? []) {
      if (result["earl:outcome"] !== "fail") continue;
      const key = `${file} ${test["dct:title"]}`;
      const html = String(result.html ?? result["dct:description"] ?? "").slice(0, 300);
      const known = found.get(key) ?? { impact: test["earl:impact"], rule: test["dct:title"], file, count: 0, html };
      known.count += 1;
      found.set(key, known);
    }
  }
  return [...found.values()];
}

async function serve() {
  logger.initLogger({ silent: true });
  console.log = console.error; // standard output carries answers only
  for await (const path of readline.createInterface({ input: process.stdin })) {
    let answer;
    try {
      answer = await check(path);
    } catch (error) {
      answer = { failed: String(error?.message ?? error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  if (launched) await runner.close();
}

serve();
