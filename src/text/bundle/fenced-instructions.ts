/** What a model is told of the form that `parseFencedBundle` reads. */
export const fencedInstructions = `Write every file as a line with its path and a fenced block with its whole content:

FILE: src/duration.js
\`\`\`\`js
…the whole content…
\`\`\`\`

Change a file that exists by search and replace. The old text must be copied exactly, indentation included, and must occur once in the file; give as many lines as that takes. Several SEARCH/REPLACE blocks may stand in one EDIT.

EDIT: package.json
\`\`\`\`
<<<<<<< SEARCH
old lines
=======
new lines
>>>>>>> REPLACE
\`\`\`\`

Other lines you may use:
DELETE: old/file.js
RENAME: a.js -> src/a.js
TEST: test/duration.test.js
COMMAND: node --test

Rules:
- Paths are relative to the project's folder, with forward slashes.
- A block is opened and closed by the same number of backticks, more than any run of backticks inside it.
- Leave nothing out of a file: no «rest unchanged».
- A renamed file keeps what it holds, be it text or not; edits of it name its new path.
- Name each test file in a TEST line, and what runs the tests in a COMMAND line.
- All other text is taken as notes.`;
