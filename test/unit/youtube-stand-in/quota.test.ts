import { QuotaMeter } from '../../../local/youtube/quota';

describe('the quota', () => {
  it('is refilled at midnight in Pacific time, in winter and in summer', () => {
    for (const midnight of ['2025-01-15T08:00:00Z', '2025-07-15T07:00:00Z']) {
      let now = Date.parse(midnight) - 1;
      const meter = new QuotaMeter({ units: 2, searches: 1 }, () => now);
      const before = [meter.charge('k', 'videos'), meter.charge('k', 'channels'), meter.charge('k', 'playlistItems')];

      now += 1;
      const after = meter.charge('k', 'videos');

      expect([...before, after]).toEqual([true, true, false, true]);
      expect([meter.unitsSpent('k'), meter.unitsSpentToday('k')]).toEqual([3, 1]);
    }
  });

  it('is counted for each key, and for searches apart', () => {
    const meter = new QuotaMeter({ units: 1, searches: 2 }, () => 0);

    const charged = [
      meter.charge('k', 'videos'),
      meter.charge('k', 'search'),
      meter.charge('k', 'search'),
      meter.charge('k', 'search'),
      meter.charge('other', 'videos'),
      meter.charge('k', 'videos'),
    ];

    expect(charged).toEqual([true, true, true, false, true, false]);
    expect([meter.unitsSpent('k'), meter.unitsSpent('other'), meter.unitsSpent('o')]).toEqual([1, 1, 0]);
  });

  it('can be used up by somebody else until the day ends; the call that finds out costs nothing', () => {
    let now = Date.parse('2025-07-15T20:00:00Z');
    const meter = new QuotaMeter({ units: 10, searches: 1 }, () => now);
    for (let times = 0; times < 3; times++) meter.charge('k', 'videos');

    meter.useUp('k', 'videos');

    expect([meter.charge('k', 'channels'), meter.unitsSpent('k')]).toEqual([false, 2]);
    now += 24 * 3_600_000;
    expect(meter.charge('k', 'channels')).toBe(true);
  });
});
