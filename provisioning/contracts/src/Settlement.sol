// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {CloudCredit} from "./CloudCredit.sol";
import {NodeRegistry} from "./NodeRegistry.sol";

/// Channels: credits that a payer sets aside for one payee, and takes out of its reach by a voucher at a time.
///
/// There is one channel for each payer and payee, for ever. A voucher says how much the payer has promised in all since
/// the channel began, so only the newest counts, and none counts twice. What a voucher promises beyond the balance stays
/// promised: it is paid when the payer deposits again.
///
/// A payer gets back what it did not promise after a delay, in which the payee redeems what it holds. What is paid out
/// goes to the owner of the payee's node, wherever the transaction came from: who steals a device steals no earnings.
contract Settlement is EIP712 {
    using SafeERC20 for CloudCredit;

    struct Channel {
        uint128 balance; // nanocredits that are here
        uint128 redeemed; // nanocredits paid to the payee since the channel began
        uint128 exitAmount; // nanocredits that the payer asked back
        uint64 exitAt; // seconds from when on it gets them; 0 when it did not ask
    }

    struct Voucher {
        address payer;
        uint128 cumulative; // nanocredits since the channel began
        bytes32 ledgerRoot; // head of the payee's ledger that the payer saw
        bytes signature; // of the payer
    }

    bytes32 public constant VOUCHER_TYPEHASH =
        keccak256("Voucher(address payer,address payee,uint128 cumulative,bytes32 ledgerRoot)");

    /// How long a payee has to redeem when its payer leaves.
    uint256 public constant EXIT_DELAY_SECONDS = 1 days;

    event Deposited(address indexed payer, address indexed payee, uint128 amount, uint128 balance);
    event Redeemed(address indexed payer, address indexed payee, uint128 amount, uint128 redeemed, bytes32 ledgerRoot);
    event ExitRequested(address indexed payer, address indexed payee, uint128 amount, uint64 exitAt);
    event Exited(address indexed payer, address indexed payee, uint128 amount, uint128 balance);

    error SignerIsNotPayer(uint256 index, address signer);
    error ExitNotDue(uint64 exitAt);

    CloudCredit public immutable credit;
    NodeRegistry public immutable registry;

    mapping(bytes32 payerAndPayee => Channel) private _channels;

    constructor(CloudCredit credit_) EIP712("ConetSettlement", "1") {
        credit = credit_;
        registry = credit_.registry();
    }

    function channel(address payer, address payee) external view returns (Channel memory) {
        return _channels[_id(payer, payee)];
    }

    /// Where what a payee earns goes: to the owner of its node, or to itself when it has none.
    function payoutOf(address payee) public view returns (address) {
        address owner = registry.ownerOf(payee);
        return owner == address(0) ? payee : owner;
    }

    /// What a payer signs.
    function voucherDigest(address payer, address payee, uint128 cumulative, bytes32 ledgerRoot)
        public
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(keccak256(abi.encode(VOUCHER_TYPEHASH, payer, payee, cumulative, ledgerRoot)));
    }

    /// Sets credits of the sender aside for what `payer` will promise `payee`.
    function deposit(address payer, address payee, uint128 amount) public {
        Channel storage c = _channels[_id(payer, payee)];
        c.balance += amount;
        emit Deposited(payer, payee, amount, c.balance);
        credit.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// The same with the allowance in one transaction (ERC-2612). A permit that somebody else used first is no harm.
    function depositWithPermit(
        address payer,
        address payee,
        uint128 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        try credit.permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        deposit(payer, payee, amount);
    }

    /// Pays what vouchers promise `payee` beyond what was paid, as far as their channels hold it. Anyone may send it. A
    /// voucher with nothing new is passed over, one that its payer did not sign refuses all.
    function redeem(address payee, Voucher[] calldata vouchers) external returns (uint256 paid) {
        for (uint256 i = 0; i < vouchers.length; ++i) {
            paid += _redeem(payee, vouchers[i], i);
        }
        credit.safeTransfer(payoutOf(payee), paid);
    }

    /// Asks back up to `amount` of what the sender deposited for `payee`; a later call replaces an earlier one.
    function requestExit(address payee, uint128 amount) external {
        Channel storage c = _channels[_id(msg.sender, payee)];
        c.exitAmount = amount;
        c.exitAt = amount == 0 ? 0 : uint64(block.timestamp + EXIT_DELAY_SECONDS);
        emit ExitRequested(msg.sender, payee, amount, c.exitAt);
    }

    /// Gives `payer` what it asked back, as far as it is still there; anyone may send it. A node's own deposits go to
    /// its owner.
    function exit(address payer, address payee) external returns (uint128 amount) {
        Channel storage c = _channels[_id(payer, payee)];
        if (c.exitAt == 0 || block.timestamp < c.exitAt) revert ExitNotDue(c.exitAt);
        amount = c.exitAmount < c.balance ? c.exitAmount : c.balance;
        c.balance -= amount;
        c.exitAmount = 0;
        c.exitAt = 0;
        emit Exited(payer, payee, amount, c.balance);
        credit.safeTransfer(payoutOf(payer), amount);
    }

    function _redeem(address payee, Voucher calldata voucher, uint256 index) private returns (uint128 paid) {
        Channel storage c = _channels[_id(voucher.payer, payee)];
        uint128 redeemed = c.redeemed;
        if (voucher.cumulative <= redeemed || c.balance == 0) return 0;
        bytes32 digest = voucherDigest(voucher.payer, payee, voucher.cumulative, voucher.ledgerRoot);
        address signer = ECDSA.recover(digest, voucher.signature);
        if (signer != voucher.payer) revert SignerIsNotPayer(index, signer);
        uint128 due = voucher.cumulative - redeemed;
        paid = due < c.balance ? due : c.balance;
        c.balance -= paid;
        c.redeemed = redeemed + paid;
        emit Redeemed(voucher.payer, payee, paid, redeemed + paid, voucher.ledgerRoot);
    }

    function _id(address payer, address payee) private pure returns (bytes32) {
        return keccak256(abi.encode(payer, payee));
    }
}
