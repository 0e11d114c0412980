import type { Topic } from './topics';

export const ENGLISH_TOPICS: readonly Topic[] = [
  {
    title: "What's for dinner 🍝",
    slots: {
      food: ['leftover rice', 'two zucchini', 'a can of chickpeas', 'half a chicken', 'stale bread'],
      minutes: ['20', '25', '40'],
    },
    turns: [
      'I have {food} and no plan. Dinner ideas?',
      'With {food} you could do a skillet supper: onion, garlic, something green, lemon at the end. About {minutes} minutes.',
      'No onions in the house 😅',
      'Then start with the garlic and add a spoon of mustard. It carries the dish just as well.',
      'Sold. Thanks!',
      'Enjoy! Keep a little aside: it is even better cold tomorrow.',
    ],
  },
  {
    title: 'Weekend trip',
    slots: {
      place: ['the Catskills', 'Cape May', 'Montreal', 'Beacon'],
      people: ['two adults and a toddler', 'four friends', 'my parents'],
    },
    turns: [
      'Could you sketch a Saturday in {place} for {people}?',
      'Leave early, walk first, eat late: a short trail in the morning, lunch at two, one indoor stop before the way back. That suits {people}.',
      'We would rather not drive at night.',
      'Then swap lunch and the indoor stop, and you will be home before dark 🌇',
    ],
  },
  {
    title: 'Standup notes',
    slots: {
      team: ['billing', 'search', 'mobile', 'support'],
      blocker: ['a flaky test', 'an expired certificate', 'missing designs', 'slow reviews'],
    },
    turns: [
      'Turn this into three bullets: {team} shipped the fix, is blocked by {blocker}, demo on Thursday.',
      '- {team}: fix is out\n- Blocked by {blocker}, owner wanted\n- Demo on Thursday, 10:00',
      'Put the blocker first please',
      'Done. The blocker leads, and the owner line is bold so nobody misses it.',
    ],
  },
  {
    title: 'A reply to the landlord',
    slots: { issue: ['the radiator', 'a dripping tap', 'the front door lock', 'the hallway light'] },
    turns: [
      'Write a polite note to my landlord about {issue}. It has been two weeks.',
      'Hello! I am writing again about {issue}, which I first mentioned two weeks ago. Could someone have a look this week? I am home after five on most days. Thank you!',
      'A bit firmer?',
      'I replaced the last line: "Please let me know by Wednesday when a repair is scheduled." Firm, and still friendly.',
    ],
  },
  {
    title: 'Dog questions 🐕',
    slots: {
      dog: ['Biscuit', 'Maple', 'Otis', 'Pepper'],
      habit: ['barks at the mailman', 'steals socks', 'refuses the stairs', 'eats too fast'],
    },
    turns: [
      '{dog} {habit}. Every. Single. Day.',
      'That is a habit with a reward in it. What happens right after {dog} does it?',
      'Honestly? We laugh.',
      'There is the reward 🙂 Try turning away and praising the calm moment that follows. Give it two weeks.',
    ],
  },
  {
    title: 'Budget check',
    slots: { item: ['eating out', 'taxis', 'subscriptions', 'coffee'], amount: ['$80', '$120', '$210'] },
    turns: [
      'I spent {amount} on {item} last month. Is that a lot?',
      'It depends on what you wanted it to be. If {amount} felt like a surprise, give {item} a weekly line of its own.',
      'It was a surprise, yes',
      'Then start with three quarters of it, split over four weeks, and look again at the end of the month.',
      'ok, reminder on the 28th please',
      'Noted: a look at {item} on the 28th.',
    ],
  },
  {
    title: 'Book club 📖',
    slots: { mood: ['quiet and strange', 'funny', 'about the sea', 'under 200 pages'] },
    turns: [
      'Our book club wants something {mood}. Suggestions?',
      'Happy to help. Has the group liked translations before, and how many weeks do you have?',
      'Yes, and three weeks',
      'Good: then I would take a novella in translation, {mood}, and leave the last week for the talk itself.',
    ],
  },
  {
    title: 'Couch to 5k',
    slots: { when: ['mornings', 'lunch breaks', 'evenings'], excuse: ['rain', 'meetings', 'my knee', 'pure laziness'] },
    turns: [
      'I want to start running on {when} but there is always {excuse}.',
      'Make the first week about the shoes: put them on, walk ten minutes, done. {excuse} has a hard time against ten minutes.',
      'Ha. And week two?',
      'One minute of jogging for every four of walking, three times. Nothing more 🏃',
    ],
  },
  {
    title: 'Spreadsheet help',
    slots: { task: ['count the unique names', 'sum by month', 'find the duplicates', 'split the full names'] },
    turns: [
      'How do I {task} in a sheet with 3,000 rows?',
      'Add a helper column next to your data, then a pivot over it. To {task} you need one formula and no macro.',
      'It says #REF!',
      'The range lost its last column when you inserted one. Select the whole table again and it will follow.',
      'works now 🎉',
      'Great! Name the range, and it keeps working when rows are added.',
    ],
  },
  {
    title: 'Gift ideas',
    slots: { who: ['a coworker', 'my sister', 'our neighbor', 'a teacher'], budget: ['$20', '$35', '$60'] },
    turns: [
      'Birthday gift for {who}, around {budget}. No candles.',
      'No candles! For {who} I would look at something used up with joy: good tea, a plant cutting in a nice pot, a jar of local honey 🍯',
      'Plant it is',
      'Pick one that forgives a missed watering, and write its name on the pot. Well within {budget}.',
    ],
  },
];
