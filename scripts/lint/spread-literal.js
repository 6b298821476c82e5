const message = 'Write the members out: a spread literal only saves the formatter a line.';

/** No `...{ a, b }` and no `...['x']`. */
export const spreadLiteral = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    SpreadElement(node) {
      if (['ObjectExpression', 'ArrayExpression'].includes(node.argument.type))
        context.report({ node: node.argument, message });
    },
  }),
};
