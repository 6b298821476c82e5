import { describe, expect, it } from 'vitest';
import { BlueprintError } from '../../src/domain/errors.ts';
import { createRedactor } from '../../src/text/redact.ts';
import { refuseSecrets } from '../../src/use-cases/refuse-secrets.ts';

const key = 'house-key-0123456789';
const shaped = 'sk-ant-api03-Ax7Kq2Lm9Pz4Wr8Tn5Yv1Bc6';
const redactor = createRedactor([{ name: 'HOUSE_KEY', value: key }]);

describe('refuseSecrets', () => {
  it('names variable and line, and not the value', () => {
    const refused = (): void => refuseSecrets('The brief', `# A\n\nuse ${key}\n`, redactor);
    expect(refused).toThrow(BlueprintError);
    expect(refused).toThrow('The brief holds the value of HOUSE_KEY in line 3');
  });

  it('has nothing against what looks like a secret', () => {
    expect(() => refuseSecrets('The brief', `an example: ${shaped}`, redactor)).not.toThrow();
  });
});
