#!/usr/bin/env node
// What the documents' commands use of curl, for a machine that has none: -X, -H, -d and an address. Prints the answer's body and, as
// the tests have curl do by a .curlrc, its status on a line of its own.
const options = { method: 'GET', headers: {}, body: undefined, url: '' };
const read = {
  '-X': (method) => {
    options.method = method;
  },
  '-H': (header) => {
    const [name, ...value] = header.split(':');
    options.headers[name] = value.join(':').trim();
  },
  '-d': (body) => {
    options.body = body;
  },
};

async function main(words) {
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word in read) read[word](words.shift());
    else if (word.startsWith('-')) throw new Error(`This curl does not know the option ${word}.`);
    else options.url = word;
  }
  const { url, ...init } = options;
  const response = await fetch(url, init);
  process.stdout.write(`${await response.text()}\n${response.status}\n`);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
