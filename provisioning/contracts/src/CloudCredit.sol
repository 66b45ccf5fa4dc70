// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {NodeRegistry} from "./NodeRegistry.sol";

/// A claim on cloud computing. One credit buys, at any node of the list, what NodeRegistry says of par prices.
///
/// A listed node makes credits against coin that it bonds here, at a rate that never changes, and takes coin back by
/// burning credits, whoever made them. When a node leaves the list with credits of its making outstanding, its bond is
/// open: anyone may burn credits and take that coin. So at every moment each credit has its coin behind it, and
/// making more is worth while as long as serving costs less than a credit sells for. Nobody sets a price.
///
/// There is no owner and no other way to make a credit.
contract CloudCredit is ERC20, ERC20Permit {
    struct Capacity {
        uint256 bondWei;
        uint256 minted; // nanocredits not yet burnt for this bond
    }

    event Minted(address indexed node, address indexed to, uint256 nanocredits, uint256 bondWei);
    event Released(address indexed node, address indexed to, uint256 nanocredits, uint256 coinWei);

    error NodeUnknown(address node);
    error NodeListed(address node);
    error SenderIsNotOwner(address owner);
    error CapacityExceeded(uint256 minted, uint256 capacity);
    error CoinNotSent(address to);

    NodeRegistry public immutable registry;

    /// Nanocredits (the smallest unit) for each whole coin (10^18 wei) of bond.
    uint256 public immutable nanocreditsPerCoin;

    mapping(address node => Capacity) public capacityOf;

    uint256 private constant COIN_WEI = 10 ** 18;

    constructor(NodeRegistry registry_, uint256 nanocreditsPerCoin_)
        ERC20("CONET Cloud Credit", "CCC")
        ERC20Permit("CONET Cloud Credit")
    {
        require(nanocreditsPerCoin_ > 0);
        registry = registry_;
        nanocreditsPerCoin = nanocreditsPerCoin_;
    }

    /// Nine: the smallest unit is a nanocredit, and all there ever are fit into 63 bits.
    function decimals() public pure override returns (uint8) {
        return 9;
    }

    /// Bonds the coin that is sent, and makes credits against this and what was bonded before. Only the owner of a
    /// listed node, or the node itself while it has none.
    function mint(address node, address to, uint256 nanocredits) external payable {
        _requireOwner(node);
        if (!_isListed(node)) revert NodeUnknown(node);
        Capacity storage capacity = capacityOf[node];
        capacity.bondWei += msg.value;
        capacity.minted += nanocredits;
        uint256 most = Math.mulDiv(capacity.bondWei, nanocreditsPerCoin, COIN_WEI);
        if (capacity.minted > most) revert CapacityExceeded(capacity.minted, most);
        emit Minted(node, to, nanocredits, capacity.bondWei);
        _mint(to, nanocredits);
    }

    /// Burns credits of the sender, and sends coin to `to` that no credit of the node needs any more: the owner's way
    /// to get its bond back.
    function release(address node, uint256 nanocredits, uint256 coinWei, address payable to) external {
        _requireOwner(node);
        _release(node, nanocredits, coinWei, to);
    }

    /// Burns credits of the sender, and sends the coin behind them to `to`, out of the bond of a node that has left
    /// the list: anyone's.
    function redeemAbandoned(address node, uint256 nanocredits, address payable to) external {
        if (_isListed(node)) revert NodeListed(node);
        _release(node, nanocredits, Math.mulDiv(nanocredits, COIN_WEI, nanocreditsPerCoin), to);
    }

    function _release(address node, uint256 nanocredits, uint256 coinWei, address payable to) private {
        Capacity storage capacity = capacityOf[node];
        capacity.minted -= nanocredits;
        capacity.bondWei -= coinWei;
        uint256 most = Math.mulDiv(capacity.bondWei, nanocreditsPerCoin, COIN_WEI);
        if (capacity.minted > most) revert CapacityExceeded(capacity.minted, most);
        emit Released(node, to, nanocredits, coinWei);
        _burn(msg.sender, nanocredits);
        (bool sent,) = to.call{value: coinWei}("");
        if (!sent) revert CoinNotSent(to);
    }

    function _requireOwner(address node) private view {
        address owner = registry.ownerOf(node);
        if (owner == address(0)) owner = node;
        if (msg.sender != owner) revert SenderIsNotOwner(owner);
    }

    function _isListed(address node) private view returns (bool) {
        return registry.nodeKeyHashOf(node) != bytes32(0);
    }
}
