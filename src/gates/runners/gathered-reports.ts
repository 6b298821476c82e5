import { reportFolder } from './node-wrapper.ts';

/**
 * For tools that write their reports beside what they build: a shell's text that removes those of before, runs
 * the command that is given behind the names, and brings what was written into the folder of reports. It fails
 * where a report has a failure, as a tool that is told to go on behind one does not.
 * @param patterns of paths, as `find -path` has them.
 */
export function gathering(patterns: readonly string[]): string {
  const any = patterns.map((pattern) => `-path '${pattern}'`).join(' -o ');
  // Not in what is mounted among our own files.
  const find = `find . -path "./\${tools#"$PWD"/}" -prune -o -type f \\( ${any} \\)`;
  return `${find} -exec rm -f {} +
"$@"
code=$?
number=0
${find} -print | LC_ALL=C sort | while IFS= read -r report; do
  number=$((number + 1))
  cp "$report" "$tools/${reportFolder}/$(printf %05d $number).xml"
done
if grep -qs -e '<failure[ >/]' -e '<error[ >/]' "$tools/${reportFolder}"/*.xml && [ $code = 0 ]; then code=1; fi
exit $code`;
}
