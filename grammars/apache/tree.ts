import type { Comment, Comments, Node, Tree } from '../tree.js'

export type ApacheTree = Tree<Statement>

export type Statement = Directive | Section

/** `Listen 127.0.0.1:80` */
export interface Directive extends Node {
  readonly kind: 'directive'
  /** Lines joined and quotes taken off, in the author's case. */
  readonly name: string
  readonly nameNode: Node
  /** All that stands behind the name, raw: httpd replaces variables before it splits words (`splitWords`). Empty if there is nothing. */
  readonly arguments: Node
  readonly comments: Comments
}

/** `<Directory "/srv/www">` … `</Directory>` */
export interface Section extends Node {
  readonly kind: 'section'
  /** Without `<`, in the author's case. */
  readonly name: string
  /** The whole first line. */
  readonly head: Node
  readonly nameNode: Node
  /** Between the name and the last `>` of the line, raw. What follows that `>` httpd ignores. */
  readonly arguments: Node
  readonly body: readonly Statement[]
  readonly dangling: readonly Comment[]
  /** `</Directory>`; absent if the section was not closed. */
  readonly close?: Node
  readonly comments: Comments
}
