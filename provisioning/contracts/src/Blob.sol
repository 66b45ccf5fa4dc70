// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// A long string kept as the code of a contract that cannot run: one account instead of a storage slot for every 32
/// bytes. Writing 1 KiB costs about a third of what storage costs, and a page of 100 nodes can be read in one eth_call
/// within the usual gas cap even when each of them is as long as allowed.
/// A blob cannot be changed or deleted; replacing it leaves the old one behind, as the chain's history does anyway.
library Blob {
    error BlobNotWritten();

    /// Deploys `text` behind one STOP byte. An empty text needs no account and is the zero address.
    function write(string memory text) internal returns (address blob) {
        uint256 length = bytes(text).length;
        if (length == 0) return address(0);
        // PUSH2 length+1, DUP1, PUSH1 12, PUSH1 0, CODECOPY, PUSH1 0, RETURN, then the code: STOP and the text.
        bytes memory creation = abi.encodePacked(hex"61", uint16(length + 1), hex"80600c6000396000f3", hex"00", text);
        assembly ("memory-safe") {
            blob := create(0, add(creation, 32), mload(creation))
        }
        if (blob == address(0)) revert BlobNotWritten();
    }

    function read(address blob) internal view returns (string memory text) {
        if (blob == address(0)) return "";
        uint256 length = blob.code.length - 1;
        text = new string(length);
        assembly ("memory-safe") {
            extcodecopy(blob, add(text, 32), 1, length)
        }
    }
}
