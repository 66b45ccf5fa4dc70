/**
 * Websites behind a wallet ({@code docs/protocol/site.md}): requests and answers travel as sealed mail, so neither side
 * learns the other's address, and the server opens no port.
 */
package network.conet.edge.client.site;
