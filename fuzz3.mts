import { grammarErrors } from './src/syntax/tree-sitter.ts';
const units = ['(', '[', '{', '<', 'a(', 'a[', 'a<', 'a.b<', 'f(a,', '"\\(', '`${', '"#{', '"${', "'", '"', '/*', '//*', 'if(', 'if a {', 'a ? b :', 'a?', '->', '=>', '(a)=>', '(a,b)=>', 'a<b>(', 'r#"', '<<A\n', '<a>', '<a ', '</a>', '@a(', '#if a\n', '#[', 'fn(', 'class A{', 'function(){', 'def a\n', 'lambda:', '-', '!', '*', '&', 'a*', 'a=', 'a,', '\\', ' \n', '  if x:\n', 'x y ', 'a b\n', 'int a', 'a::b<', 'new ', 'await ', 'async (', 'case a:', 'else ', 'try{', 'do ', '{a:', '[a,', '...', '..', '%w(', '<?php ', '?>', '"""', "'''", 'R"(', 'template<', 'switch x {', '?.', '??', '||', '|', '$a', 'a{b:', 'x=>', 'f{', '(x:', 'a as ', 'var a =', '(*', '(a)(', '(a)', '[]', '{}', '<T,', 'if (a) ', 'struct {', '\t', '\u00e9'];
const g = process.argv[2]!; const size = Number(process.argv[3]!); const over = Number(process.argv[4]);
await grammarErrors(g as any, 'a', 1000);
for (const u of units) {
  const text = u.repeat(Math.floor(size / u.length));
  const t = process.cpuUsage(); let r='';
  try { await grammarErrors(g as any, text, 10000); } catch (e) { r = (e as Error).message; }
  const d = process.cpuUsage(t).user / 1000;
  if (d > over) console.log(g, JSON.stringify(u), size, Math.round(d), r);
}
console.log(g,'done');
