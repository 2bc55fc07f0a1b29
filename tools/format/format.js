// node tools/format/format.js [--check] FILE…: writes Lua files as ../../stylua.toml says, or names those that are not.
"use strict";
const fs = require("fs");
const path = require("path");
const stylua = require("@johnnymorganz/stylua");

const ENUMS = {
  call_parentheses: stylua.CallParenType,
  collapse_simple_statement: stylua.CollapseSimpleStatement,
  indent_type: stylua.IndentType,
  quote_style: stylua.QuoteStyle,
  syntax: stylua.LuaVersion,
};

// Reads the flat subset of TOML that StyLua's options need.
function read_settings(file) {
  const settings = {};
  for (const line of fs.readFileSync(file, "utf8").split("\n")) {
    const [, name, text] = line.match(/^(\w+) = "?([^"]*)"?$/) || [];
    if (!name) continue;
    const value = ENUMS[name] ? ENUMS[name][text] : Number(text);
    if (value === undefined || Number.isNaN(value)) throw new Error(`${file}: ${line}`);
    settings[name] = value;
  }
  return settings;
}

// formatCode takes its Config over and frees it. Once is not always enough: a line that got shorter may fit another way.
function format(source, settings) {
  for (let pass = 0; pass < 5; pass += 1) {
    const config = Object.assign(stylua.Config.new(), settings);
    const formatted = stylua.formatCode(source, config, null, stylua.OutputVerification.Full);
    if (formatted === source) return source;
    source = formatted;
  }
  return source;
}

const check = process.argv[2] === "--check";
const settings = read_settings(path.join(__dirname, "..", "..", "stylua.toml"));
let wrong = 0;
for (const file of process.argv.slice(check ? 3 : 2)) {
  const source = fs.readFileSync(file, "utf8");
  const formatted = format(source, settings);
  if (formatted === source) continue;
  wrong += 1;
  if (check) console.log(`${file}: run make format`);
  else fs.writeFileSync(file, formatted);
}
process.exit(check && wrong > 0 ? 1 : 0);
