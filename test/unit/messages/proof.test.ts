import fc from 'fast-check';
import { ProofError } from '../../../shared/errors';
import { addProofs, assertProof, EMPTY_PROOF, type Proof } from '../../../shared/messages/proof';

const counts = fc.integer({ min: 0, max: 1_000_000 });
const parts = fc.record({ outside: counts, exported: counts, duplicates: counts, quarantined: counts });
const holding: fc.Arbitrary<Proof> = parts.map((proof) => ({
  listed: proof.outside + proof.exported + proof.duplicates + proof.quarantined,
  ...proof,
}));
const asWritten = ({ exported, quarantined }: Proof) => ({ rows: exported, quarantineLines: quarantined });
const off = fc.integer({ min: -3, max: 3 }).filter((by) => by !== 0);

describe('a proof', () => {
  test('holds where every listed object is accounted for and every row was written', () => {
    fc.assert(
      fc.property(holding, (proof) => {
        expect(() => assertProof('acme', proof, asWritten(proof))).not.toThrow();
      }),
    );
  });

  test('does not hold where any one count is off, and says what it is of', () => {
    const names = fc.constantFrom(
      'listed',
      'outside',
      'exported',
      'duplicates',
      'quarantined',
      'rows',
      'quarantineLines',
    );
    fc.assert(
      fc.property(holding, names, off, (proof, name, by) => {
        const all = { ...proof, ...asWritten(proof) };
        const wrong = { ...all, [name]: all[name] + by };

        const check = () => assertProof('acme on 2025-08-11', wrong, wrong);

        expect(check).toThrow(ProofError);
        expect(check).toThrow(expect.objectContaining({ code: 'proof_failed', kind: 'permanent' }));
        expect(check).toThrow(/acme on 2025-08-11/);
      }),
    );
  });

  test('does not hold where a count is no number', () => {
    const proof = { ...EMPTY_PROOF, listed: Number.NaN };

    expect(() => assertProof('acme', proof, asWritten(proof))).toThrow(ProofError);
  });

  test('names every problem with its numbers', () => {
    const proof = { listed: 10, outside: 1, exported: 2, duplicates: 3, quarantined: 5 };

    expect(() => assertProof('it', proof, { rows: 7, quarantineLines: 8 })).toThrow(
      'The proof of it does not hold: 10 objects were listed but 11 accounted for; ' +
        '2 messages were exported but the parts hold 7 rows; ' +
        '5 messages were quarantined but the quarantine files hold 8 lines. Nothing was published.',
    );
  });

  test('of a day is the sum of its shards’, and holds where they do', () => {
    fc.assert(
      fc.property(fc.array(holding), (proofs) => {
        const sum = proofs.reduce(addProofs, EMPTY_PROOF);

        for (const name of ['listed', 'outside', 'exported', 'duplicates', 'quarantined'] as const) {
          expect(sum[name]).toBe(proofs.reduce((total, proof) => total + proof[name], 0));
        }
        expect(() => assertProof('the day', sum, asWritten(sum))).not.toThrow();
      }),
    );
  });
});
