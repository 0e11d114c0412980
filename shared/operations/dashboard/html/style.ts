import { createHash } from 'node:crypto';
import { Html } from './html';

/** All of the page's styles. Pairs of colours are of contrast AA at least, in both schemes. */
export const STYLE = `
:root{color-scheme:light dark;
--bg:#f6f7f8;--card:#fff;--ink:#1b2127;--soft:#56606b;--line:#dde1e6;--link:#0a58a8;--focus:#0a58a8;--head:#eef0f3;
--p:#17693f;--pb:#e0f2e7;--l:#0a58a8;--lb:#deebfa;--a:#7a4d00;--ab:#fcefcf;--f:#a91b1b;--fb:#fbdfdd;--m:#6a2c91;--mb:#f0e4f8;--w:#56606b;--wb:transparent;--bar:#3d7fb8;--bar2:#8a6fb5;--bar3:#4f9a76}
@media (prefers-color-scheme:dark){:root{
--bg:#111519;--card:#181d23;--ink:#e4e8ec;--soft:#a2adb8;--line:#2d353e;--link:#86bdf5;--focus:#86bdf5;--head:#1f262d;
--p:#7fd6a4;--pb:#15332377;--l:#8cc2f8;--lb:#15304c;--a:#f0c268;--ab:#3a2c0c;--f:#ff9d96;--fb:#4a1b1a;--m:#d5a8f2;--mb:#371f47;--w:#a2adb8;--wb:transparent;--bar:#5b9bd0;--bar2:#a78fd0;--bar3:#63b48c}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Hiragino Sans","Noto Sans JP","Noto Sans CJK JP","Yu Gothic",Meiryo,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
a{color:var(--link);text-underline-offset:2px}
:focus-visible,input:focus-within{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:8px;top:-60px;background:var(--card);padding:8px 14px;z-index:9}
.skip:focus{top:8px}
.v{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
header,main,footer{max-width:1360px;margin:0 auto;padding:0 20px}
header{display:flex;flex-wrap:wrap;align-items:center;gap:4px 20px;padding-top:14px;padding-bottom:10px}
header p{margin:0}
.brand{font-weight:650;letter-spacing:.01em}
nav ul{display:flex;flex-wrap:wrap;gap:4px;list-style:none;margin:0;padding:0}
nav a{display:inline-block;padding:4px 10px;border-radius:6px;text-decoration:none;color:var(--ink)}
nav a:hover{background:var(--head)}
nav a[aria-current]{background:var(--head);font-weight:600}
.side{margin-left:auto;display:flex;flex-wrap:wrap;gap:2px 16px;color:var(--soft);align-items:center}
.side a{padding:4px 2px}
h1{font-size:22px;line-height:1.25;margin:10px 0 14px;font-weight:650;overflow-wrap:anywhere}
h2{font-size:16px;margin:0 0 10px;font-weight:650;overflow-wrap:anywhere}
h3{font-size:14px;margin:0 0 8px;font-weight:650}
h4{font-size:14px;margin:14px 0 6px;font-weight:600}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin:0 0 16px}
.card>:last-child{margin-bottom:0}
.card>:first-child{margin-top:0}
.part{margin:0 0 34px}.part>h2:first-child,#days{font-size:20px}ul.links:empty{display:none}
.note{color:var(--soft);margin:6px 0}
.cols{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:16px}
.cols>.card{margin:0;min-width:0}
.cols{margin-bottom:16px}
dl.kv{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:12px 20px;margin:0}
dl.kv dt{color:var(--soft);font-size:12.5px}
.wide{grid-column:1/-1}
dl.kv dd{margin:0;font-size:15px;overflow-wrap:anywhere}
dl.kv .big{font-size:20px;font-weight:600;line-height:1.3}
ul.chips{display:flex;flex-wrap:wrap;gap:6px;list-style:none;margin:0 0 14px;padding:0}
.s{display:inline-flex;vertical-align:middle;align-items:center;gap:5px;padding:1px 9px 1px 6px;border-radius:99px;font-weight:550;white-space:nowrap;border:1px solid transparent}
.g{width:14px;height:14px;flex:none;fill:none;stroke:currentColor;stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round;display:block}
.p{color:var(--p);background:var(--pb)}.l{color:var(--l);background:var(--lb)}.a{color:var(--a);background:var(--ab)}.f{color:var(--f);background:var(--fb)}.m,.u{color:var(--m);background:var(--mb)}.w,.b{color:var(--w);background:var(--wb)}
.s.w,.s.b{border-color:var(--line)}
.scroll{overflow-x:auto;margin:0 -18px;padding:0 18px 4px}
.scroll:has(.grid){padding-left:0;direction:rtl}
.scroll:focus-visible{outline-offset:-2px}
table{border-collapse:separate;border-spacing:0;width:100%}
caption{text-align:left;color:var(--soft);padding:0 0 8px}
th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--soft);font-weight:550;font-size:12.5px;white-space:nowrap;vertical-align:bottom}
tbody th{font-weight:550}
tr:last-child>td,tr:last-child>th{border-bottom:0}
.n{text-align:right;white-space:nowrap}
.o{white-space:nowrap}
table.grid{width:auto;direction:ltr;margin:0 auto 0 0}
.grid th,.grid td{padding:0;border:0;text-align:center}
.grid thead th{font-weight:500;font-size:11.5px;line-height:1.25;padding:2px 0;min-width:28px;color:var(--soft)}
.grid thead .mo{text-align:left;padding-left:7px;font-weight:600;color:var(--ink)}
.grid thead .we{color:var(--f)}
.grid tbody th,.grid tfoot th,.grid thead th:first-child,.grid thead td{position:sticky;left:0;z-index:2;background:var(--card);text-align:left;padding:0 14px 0 18px;white-space:nowrap;max-width:46vw;overflow:hidden;text-overflow:ellipsis}
.grid tbody th{font-weight:500}.grid tbody th a{color:var(--ink);text-decoration:none;display:block;line-height:28px;overflow:hidden;text-overflow:ellipsis}
.grid tbody th a:hover{text-decoration:underline}
.grid tbody td{padding:1px;background:none}
.grid td>a,.grid td>span{display:flex;align-items:center;justify-content:center;min-width:26px;height:26px;border-radius:5px;text-decoration:none}
.grid td>a:hover{box-shadow:inset 0 0 0 2px currentColor}
.grid td>a:focus-visible{outline-offset:0}
.grid .f,.grid .m,.grid .u{box-shadow:inset 0 0 0 1px currentColor}
.grid .k>a,.grid .k>span{padding:0 6px;gap:6px;min-width:72px}
.pips{display:flex;gap:1px;align-items:flex-end;height:14px}
.pips i{width:4px;height:8px;background:var(--p);border-radius:1px}
.pips i.l{background:var(--l);height:11px}.pips i.a{background:var(--a);height:14px}.pips i.f{background:var(--f);height:14px}.pips i.m,.pips i.u{background:none;border:1px solid var(--m);height:14px;box-shadow:none}.pips i.w,.pips i.b{background:var(--line);height:2px;box-shadow:none}.pips i{box-shadow:none!important}
.grid tfoot th{font-weight:500;font-size:12.5px;color:var(--soft);line-height:22px}
.grid tfoot td{font-size:11px;color:var(--soft);padding:1px 2px;white-space:nowrap;vertical-align:bottom}
.grid tfoot tr:first-child>*{border-top:1px solid var(--line)}
.grid tfoot .short{color:var(--f);font-weight:650}
.vol{display:block;width:16px;height:22px;margin:2px auto 0;fill:var(--bar)}
form{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:end;margin:0 0 14px}
label{display:grid;gap:2px;color:var(--soft);font-size:12.5px}
select,input,button{font:inherit;color:var(--ink);background:var(--card);border:1px solid #7d8894;border-radius:6px;padding:4px 10px;min-height:32px;max-width:100%}
button{background:var(--head);font-weight:600;cursor:pointer}
.links{display:flex;flex-wrap:wrap;gap:6px 18px;margin:12px 0 0;padding:0;list-style:none}
.links a{padding:3px 0}
pre,code{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--head);border-radius:6px;padding:8px 12px;margin:6px 0 10px;white-space:pre-wrap;overflow-wrap:anywhere}
code{overflow-wrap:anywhere}
details{margin:6px 0}
summary{cursor:pointer;color:var(--soft);padding:2px 0}
.todo{margin:4px 0}
.list{list-style:none;margin:0;padding:0}
.list>li{padding:9px 0;border-top:1px solid var(--line);display:grid;grid-template-columns:minmax(0,280px) minmax(0,1fr);gap:2px 18px}
.list>li:first-child{border-top:0;padding-top:0}
.list p{margin:0}
.who{display:flex;flex-wrap:wrap;align-items:center;align-content:flex-start;gap:3px 10px;min-width:0}
.strip{display:flex;flex-wrap:wrap;align-items:center;gap:10px 44px}.strip ul.chips{margin:0}.strip dl.kv{display:flex;flex-wrap:wrap;gap:10px 44px}
figure{margin:0}
figcaption{font-weight:600;margin-bottom:4px}
.plot{display:block;width:100%;height:110px;border-bottom:1px solid var(--line)}
.plot polyline{fill:none;stroke:var(--bar);stroke-width:2;vector-effect:non-scaling-stroke}.plot rect{fill:var(--bar)}.plot .x{fill:var(--f)}.plot .lim{stroke:var(--soft);stroke-dasharray:3 3;vector-effect:non-scaling-stroke}
.ends{display:flex;justify-content:space-between;color:var(--soft);font-size:12px}
.time{display:block;width:100%;min-width:160px;height:16px;background:var(--head);border-radius:3px}
.time .c1{fill:var(--bar2)}.time .c2{fill:var(--bar)}.time .c3{fill:var(--bar3)}
.keys{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0 0 8px;padding:0;list-style:none;color:var(--soft)}
.keys svg{width:12px;height:12px;vertical-align:-1px;margin-right:5px;border-radius:2px;min-width:0;display:inline}
.legend{display:grid;grid-template-columns:max-content 1fr;gap:6px 14px;margin:8px 0 0;align-items:center}
.legend dd{margin:0;color:var(--soft)}
.legend .s{justify-self:start}
footer{color:var(--soft);padding-bottom:28px;font-size:12.5px}
@media (max-width:640px){dl.kv{grid-template-columns:repeat(auto-fit,minmax(120px,1fr))}header,main,footer{padding-left:12px;padding-right:12px}.card{padding:14px;border-radius:8px}.scroll{margin:0 -14px;padding:0 14px 4px}.scroll:has(.grid){padding-left:0}.grid tbody th,.grid tfoot th,.grid thead th:first-child,.grid thead td{padding-left:14px;max-width:38vw}.side{margin-left:0}.list>li{grid-template-columns:1fr}.legend{grid-template-columns:1fr;gap:2px}.legend dd{margin-bottom:6px}}
@media (forced-colors:active){.s,.grid td>a{border:1px solid}.time rect,.plot rect,.vol rect{fill:CanvasText}.plot polyline{stroke:CanvasText}}
@media print{body{background:none}.card{break-inside:avoid;border-color:#999}form,nav,.skip{display:none}.scroll{overflow:visible}}
`.trim();

/** The hash by which a content security policy lets {@link STYLE} in, and no other style. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

export const STYLE_ELEMENT = Html.of([`<style>${STYLE}</style>`], []);
