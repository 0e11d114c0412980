// Adds to package-lock.json the binaries of other platforms that an install has left out: `node .ci/complete-lockfile.js`.
//
// npm ci wants an entry for every optional dependency, whatever the platform. A registry mirror that serves one platform's
// binaries only makes npm write a lock file without the others, and npm ci then refuses that file everywhere. An entry needs
// no more than the version and the platform it is for; there is no digest to be had for what cannot be fetched.
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];

const file = join(__dirname, '..', 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];

for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (resolves(path, name)) continue;
    lock.packages[`node_modules/${name}`] = { version, ...platformOf(name), ...(dev && { dev }), optional: true };
    added.push(`${name}@${version}`);
  }
}
for (const entry of Object.values(lock.packages)) delete entry.resolved;
const root = lock.packages[''];
const rest = Object.entries(lock.packages).filter(([path]) => path !== '');
lock.packages = Object.fromEntries([['', root], ...rest.sort(([a], [b]) => (a < b ? -1 : 1))]);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} added\n${added.join('\n')}\n`);

/** Whether a package at `path` finds `name` by node's way up the folders. */
function resolves(path, name) {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/node_modules/'))) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in lock.packages) return true;
    if (!at.includes('/node_modules/')) return `node_modules/${name}` in lock.packages;
  }
}

function platformOf(name) {
  const words = name.split(/[-_/]/);
  const os = OS.filter((each) => words.includes(each));
  const cpu = CPU.filter((each) => words.includes(each));
  const libc = words.includes('musl')
    ? ['musl']
    : words.some((word) => word === 'glibc' || word === 'gnu')
      ? ['glibc']
      : [];
  return {
    ...(cpu.length > 0 && { cpu }),
    ...(libc.length > 0 && { libc }),
    ...(os.length > 0 && { os }),
  };
}
